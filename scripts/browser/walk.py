"""The acceptance test of the counter page. scripts/browser-test runs it.

    walk.py PROGRAM

It starts a service of its own, plays DOKU, and walks the page as people do: with a mouse, without
JavaScript, and with the keyboard only. counter.py checks every page on the way.
"""

import collections
import re
import sys
import tempfile
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from counter import Counter, Service, until
from steps import bill_form, expired_bill, extend, other_amount, sign_in, tab
from typed import hidden_marks, typed_html

started = time.monotonic()


def step(text):
    print(f"{time.monotonic() - started:5.1f} s  {text}", flush=True)


def import_file(counter, folder):
    """A file with a bad row: its cause, another option, the corrected file, applied."""
    word, press, service = counter.word, counter.press, counter.service
    path = f"{folder}/piutang.csv"

    def send(amount):
        with open(path, "w") as file:
            file.write("No VA;No Tagihan;Nama;Terhutang\n")
            file.write("88965100000031;IMP-1;Eko Prasetyo;150.000\n")
            file.write(f"88965100000032;IMP-2;Fitri Handayani;{amount}\n")
        counter.find("#file").send_keys(path)
        press(word("import_send"))

    press(tab(counter, "tab_import"))
    send("dua ratus")
    counter.wait(lambda: word("import_advice") in counter.text, "the columns of the file")
    counter.find("[name=amount_format][value=indonesian]").click()
    press(word("import_again"))
    counter.wait(lambda: "dua ratus" in counter.find(".imp tbody").text, "the bad row")
    rows = [row.text for row in counter.all(".imp tbody tr")]
    assert len(rows) == 1 and word("import_line", line="3") in rows[0], rows
    assert "amount" in counter.find("details.say.bad[open]").text
    assert not counter.all("form[action$='/apply']")
    checked = counter.path.split("/")[-1]

    press(word("import_back"))
    counter.find(f"#like option[value='{checked}']").click()
    send("Rp275.000,00")
    counter.wait(lambda: counter.all("form[action$='/apply']"), "a file that can be applied")
    assert not service.ask("88965100000032"), "nothing changes before it is applied"
    press(word("import_apply"))
    done = word("import_applied", created="2", changed="0", overtaken="0", held="0")
    counter.wait(lambda: done in counter.text, "the import to be applied")
    assert service.bill("IMP-2")["amount"] == 275_000 and service.ask("88965100000032")


def today_by_itself(counter):
    """An inquiry and its payment appear on Today without a reload."""
    service, code, name = counter.service, "88965100000041", "Hendra Gunawan"
    service.add(code, "LIVE-1", name)
    counter.open("/ui")
    assert name not in counter.text
    counter.script("window.sameDocument = true")

    def row():
        parts = counter.script("return document.getElementById('counters').innerText")
        return next((line for line in re.split(r"\n(?=\d\d\.\d\d)", parts) if name in line), "")

    assert service.ask(code)
    counter.wait(lambda: counter.word("tag_asked") in row(), "the inquiry in the list")
    service.pay("LIVE-1", code)
    counter.wait(lambda: counter.word("tag_paid") in row(), "the payment in the list")
    assert counter.script("return window.sameDocument") is True
    counter.check()


def switch_language(counter):
    """Every tab and the page's language change, and change back."""
    tabs = ["tab_today", "tab_bills", "tab_money", "tab_import", "tab_setup"]
    before = counter.path
    for language in ("en", "id", "en"):
        other = counter.word("other_language")
        counter.language = language
        counter.press(other)
        assert counter.path == before
        names = [link.text for link in counter.all("nav a")]
        assert len(names) == len(tabs)
        for name, key in zip(names, tabs):
            assert name.startswith(counter.word(key)), names


def by_keyboard(counter, code, name):
    """Finds and extends a bill without a mouse. What has the focus is always visible."""
    driver = counter.driver

    def key(*keys):
        ActionChains(driver).send_keys(*keys).perform()
        focused = driver.switch_to.active_element
        if focused.tag_name in ("main", "body"):
            return focused
        style = counter.script(
            "const s = getComputedStyle(arguments[0]), r = arguments[0].getBoundingClientRect();"
            "return [s.outlineStyle, parseFloat(s.outlineWidth), r.right > 0 && r.bottom > 0"
            " && r.left < innerWidth && r.top < innerHeight]", focused)
        outlined = style[0] != "none" and style[1] >= 2 and style[2]
        assert outlined, f"{style}: {focused.get_attribute('outerHTML')}"
        return focused

    counter.open("/ui")
    assert key(Keys.TAB).text == counter.word("skip")
    assert key(Keys.ENTER).get_attribute("id") == "main"
    assert key("/").get_attribute("name") == "q"
    key(name)
    counter.leave(lambda: key(Keys.ENTER) and None)
    assert counter.word("short_bill_expired") in counter.find(".say h2").text
    for _ in range(40):
        focused = key(Keys.TAB)
        if focused.text == counter.word("extend_button"):
            break
    assert focused.text == counter.word("extend_button")
    counter.leave(lambda: ActionChains(driver).send_keys(Keys.ENTER).perform())
    assert counter.find(".notice").text == counter.word("extended")
    assert counter.service.ask(code)


def forged_notification(counter, folder):
    """Of a notification that does not verify, the page says why, and tries it again."""
    service, word = counter.service, counter.word
    with open(f"{folder}/forged", "w") as file:
        file.write("another-secret")
    options = ["--invoice", "NO-1", "--code", "88965100000081", "--amount", "20000"]
    assert not service.simulate("notification", *options, secret="forged")
    until(lambda: service.api("quarantine")["items"], "the quarantine")
    title = word("finding_quarantine", quarantine="1")
    for control, shown in ((word("why_link"), "Request-Id"), (word("money_retry"), title)):
        counter.press(tab(counter, "tab_money"))
        counter.press(counter.control(control, counter.parts("article", title)[0]))
        assert shown in counter.find("main").get_attribute("textContent")
    assert counter.find(".notice").text == word("money_retried", entered="0", kept="1")


def every_page(counter):
    """Follows every link, from Today, to at most three pages of each kind."""
    places, kinds = ["/ui"], collections.Counter()
    for place in places:
        counter.open(place)
        for link in counter.all("a[href^='/ui']:not([download])"):
            path = link.get_attribute("href").removeprefix(counter.service.url).split("#")[0]
            kind = re.sub(r"=[^&]*|\d+", "*", path)
            is_page = not re.search(r"^/ui/language|/rows$", path)
            if is_page and path not in places and kinds[kind] < 3:
                kinds[kind] += 1
                places.append(path)
    counter.open("/ui/nothing", refused=[404])
    return len(places)


def main():
    with tempfile.TemporaryDirectory() as folder:
        service = Service(sys.argv[1], folder)
        counters = []
        try:
            counters.append(Counter(service, folder))
            walk(counters[0], folder)
            counters.append(Counter(service, folder, has_script=False))
            walk_without_script(counters[1])
        except BaseException:
            print(f"at {counters[-1].path if counters else 'the start'}:", file=sys.stderr)
            raise
        finally:
            for counter in counters:
                counter.driver.quit()
            service.stop()
    step(f"{sum(counter.checked for counter in counters)} pages were checked")


def walk(counter, folder):
    service = counter.service
    sign_in(counter)
    expired_bill(service, "88965100000011", "OLD-1", "Budi Hartanto")
    extend(counter, "88965100000011", "Budi Hartanto")
    step("signed in, found a refused customer by name, extended the bill")
    import_file(counter, folder)
    step("imported: the cause of a bad row, other options, the corrected file")
    today_by_itself(counter)
    step("Today: an inquiry and its payment came by themselves")
    other_amount(counter, "88965100000051", "AMT-1", "Lina Marlina")
    step("a payment with another amount: decided, taken back, decided again")
    bill_form(counter, "Maya Sari")
    step("a bill: wrong fields, made, edited, printed, cancelled, reopened")
    switch_language(counter)
    step("the language: English, Indonesian, English")
    expired_bill(service, "88965100000012", "OLD-2", "Joko Susilo")
    by_keyboard(counter, "88965100000012", "Joko Susilo")
    step("by keyboard: found a refused customer, extended the bill")
    forged_notification(counter, folder)
    step("a notification that does not verify: why, tried again")
    step(f"HTML in every text shows as text; {typed_html(counter, folder)} pages show it")
    step(f"marks of text direction are refused in {hidden_marks(counter, folder)} fields")
    step(f"followed the links to {every_page(counter)} pages")


def walk_without_script(counter):
    service = counter.service
    counter.open("/ui/sign-in")
    assert "scripted" not in (counter.find("html").get_attribute("class") or "")
    sign_in(counter)
    expired_bill(service, "88965100000013", "OLD-3", "Sri Wahyuni")
    extend(counter, "88965100000013", "Sri Wahyuni")
    other_amount(counter, "88965100000053", "AMT-3", "Rina Wati")
    bill_form(counter, "Agus Setiawan")
    step("without JavaScript: signed in, extended, decided, made a bill")


main()
