"""What people type is text: HTML is shown as it was typed, and marks of text direction are refused.

checks.js verifies on every page that no typed element is in it and that no typed script ran.
"""

from steps import search, tab

HTML = "<b>qz</b>\"'><script>pwned=1</script>"
SHORT_HTML = "<b>qz</b>\"'><script>"
MARKED = HTML + "\u202e"
# All but skip_rows, which names a text of the file, whatever it has.
TEXTS = "main input:is([type=text], [type=search], [type=email], [type=url], :not([type]))"
FILE_NAME = "<b>qz<b>\"'><img src=x onerror=pwned=1>.csv"


def typed_html(counter, folder):
    """Types HTML where texts are kept. Returns on how many pages it was seen as text."""
    word, fill, press, service = counter.word, counter.fill, counter.press, counter.service
    seen = []

    def shows(path=None, text=HTML):
        if path:
            counter.open(path)
        for part in counter.all("details:not([open]) > summary"):
            part.click()
        assert text in counter.text, f"{counter.path} does not show {text}:\n{counter.text}"
        seen.append(counter.path)

    # A bill, its inquiry and its payment
    counter.open("/ui/bills/new")
    counter.control(word("billform_more")).click()
    texts = {"name": HTML, "amount": "150000", "invoice": "HTML-1", "info": SHORT_HTML,
             "code": "88965100000061"}
    for field, text in texts.items():
        fill(field, text)
    press(word("billform_create"))
    bill = counter.path
    shows(bill)
    shows(bill, SHORT_HTML)
    assert service.ask(texts["code"])
    for path in ("/ui", "/ui/bills", f"/ui/why?code={texts['code']}", f"{bill}/slip"):
        shows(path)
    counter.open(f"{bill}/edit")
    assert counter.find("#name").get_attribute("value") == HTML
    fill("info", f"{SHORT_HTML}2")
    press(word("billform_save"))
    shows(text=f"{SHORT_HTML} → {SHORT_HTML}2")

    # Searches
    search(counter, HTML)
    shows()
    counter.open("/ui/bills")
    fill("q", HTML)
    press(counter.control(word("find_label"), "main"))
    assert counter.find("#q").get_attribute("value") == HTML
    shows()
    counter.open("/ui/setup")
    fill("base", HTML)
    counter.script("arguments[0].form.noValidate = true", counter.find("#base"))
    press(word("letter_button"), refused=[400])
    assert counter.find("#base").get_attribute("value") == HTML

    # A decision
    service.pay("HTML-1", texts["code"], 140_000)
    press(tab(counter, "tab_money"))
    shows()
    counter.parts("article", HTML)[0].find_element("name", "note").send_keys(HTML)
    press(counter.control(word("money_accept"), counter.parts("article", HTML)[0]))
    shows()
    payment = service.api("payments")["items"][0]["id"]
    shows(f"/ui/money/{payment}")
    counter.find("details [name=note]").send_keys(HTML + "back")
    press(counter.control(word("money_take_back_button"), "main details form"))
    shows(text=HTML + "back")
    press(word("money_refunded"))

    # A cancelled bill
    counter.open(f"{bill}/cancel")
    fill("reason", HTML)
    press(counter.control(word("billclose_cancel_button"), "main form"))
    shows(text=HTML)
    shows(f"/ui/why?code={texts['code']}")

    # A file
    with open(f"{folder}/{FILE_NAME}", "w") as file:
        file.write(f"No VA;No Tagihan;Nama;Terhutang;{SHORT_HTML}\n".replace('"', ""))
        file.write(f'88965100000062;HTML-2;"{HTML.replace(chr(34), chr(34) * 2)}";{SHORT_HTML}\n')
    counter.open("/ui/import")
    fill("note", HTML)
    counter.find("#file").send_keys(f"{folder}/{FILE_NAME}")
    press(word("import_send"))
    counter.wait(lambda: word("import_advice") in counter.text, "the columns of the file")
    shows()
    shows(text=FILE_NAME)
    fill("skip_rows", HTML)
    press(word("import_again"))
    counter.wait(lambda: counter.all(".imp tbody tr"), "the bad row")
    assert counter.find("#skip_rows").get_attribute("value") == HTML
    counter.check()
    shows(text=SHORT_HTML)
    shows("/ui/import")
    shows(text=FILE_NAME)

    # A pause
    counter.open("/ui/setup")
    counter.control(word("pause_open")).click()
    fill("reason", HTML)
    press(word("pause_button"))
    shows()
    shows("/ui")
    counter.open("/ui/setup")
    press(word("resume_button"))
    shows()
    return len(set(seen))


def hidden_marks(counter, folder):
    """Types U+202E with HTML into every text field, each alone. Returns how many there are."""
    service, name = counter.service, "Dewi Lestari"
    open_bill = service.add("88965100000071", "MARK-1", name)["id"]
    service.add("88965100000072", "MARK-2", name)
    service.pay("MARK-2", "88965100000072", 140_000)
    service.pay("MARK-3", "88965100000073")
    payments = {one["invoice_number"]: one["id"] for one in service.api("payments")["items"]}
    imports = service.api("imports")["items"]
    checked = next(one["id"] for one in imports if one["state"] != "applied")
    fields = 0
    for place in (
        f"/ui/bills/new?name={name}&amount=150000&invoice=MARK-4&code=88965100000074",
        f"/ui/bills/{open_bill}/edit", f"/ui/bills/{open_bill}/cancel", "/ui/bills", "/ui/money",
        f"/ui/money/{payments['MARK-2']}", f"/ui/money/{payments['MARK-3']}/bill?q={name}",
        f"/ui/import/{checked}", "/ui/import", "/ui/setup",
    ):
        counter.open(place)
        count = len(counter.all(TEXTS))
        assert count, f"{place} has no text fields"
        for number in range(count):
            counter.open(place)
            refuse(counter, counter.all(TEXTS)[number], folder)
        fields += count
    search(counter, MARKED, refused=[400])
    assert service.api("bills?invoice_number=MARK-1")["items"][0]["state"] == "open"
    assert not service.api("bills?invoice_number=MARK-4")["items"]
    return fields + 1


def refuse(counter, field, folder):
    """Sends a form with one wrong field, which is shown again: marked, and as it was typed."""
    counter.script(
        "const field = arguments[0];"
        "field.form.noValidate = true; field.removeAttribute('maxlength');"
        "for (const part of document.querySelectorAll('details')) part.open = true;", field)
    name = field.get_attribute("name")
    field.clear()
    field.send_keys(MARKED)
    form = field.find_element("xpath", "ancestor::form")
    for file in form.find_elements("css selector", "[type=file]"):
        file.send_keys(f"{folder}/piutang.csv")
    for choice in form.find_elements("css selector", "[type=radio][required]")[:1]:
        choice.click()
    counter.press(form.find_element("css selector", "button:not(.enter)"), refused=[400, 422])
    marked = [one for one in counter.all("main [aria-invalid=true]")
              if one.get_attribute("name") == name]
    assert len(marked) == 1, f"{counter.path} marks {len(marked)} fields {name}\n{counter.text}"
    assert marked[0].get_attribute("value") == MARKED, f"{counter.path} {name}"
    described = marked[0].get_attribute("aria-describedby").split()
    assert counter.find(f"#{described[-1]}.fault").text, f"{counter.path} {name}"
