"""The steps of people at the counter page, each of which works with and without JavaScript."""

from datetime import datetime, timedelta, timezone

from selenium.webdriver.common.keys import Keys

from counter import until

HIDDEN = "a\u202eb"


def date(days):
    """A day in Jakarta, from today."""
    return (datetime.now(timezone(timedelta(hours=7))) + timedelta(days=days)).date().isoformat()


def grouped(code):
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def tab(counter, key):
    """The link of a tab; a count may follow its name."""
    name = counter.word(key)
    return next(link for link in counter.all("nav a") if link.text.startswith(name))


def sign_in(counter):
    counter.open("/ui")
    counter.fill("key", "<b>qz</b>\"'><script>")
    counter.press(counter.word("sign_in_title"), refused=[401])
    assert counter.find("#key-error").text == counter.word("sign_in_wrong")
    assert counter.find("#key").get_attribute("aria-invalid") == "true"
    counter.fill("key", counter.service.key)
    counter.press(counter.word("sign_in_title"))
    assert counter.find("nav [aria-current]").text == counter.word("tab_today")


def expired_bill(service, code, invoice, name):
    """A bill whose time is over, and a counter that was refused."""
    soon = datetime.now(timezone.utc) + timedelta(seconds=1.5)
    service.add(code, invoice, name, expires_at=soon.isoformat(timespec="milliseconds"))
    until(lambda: service.bill(invoice)["expired"], f"the expiry of {invoice}")
    assert not service.ask(code)


def search(counter, text, refused=None):
    field = counter.find("[data-find]")
    field.send_keys(text)
    counter.leave(lambda: field.send_keys(Keys.ENTER), refused)


def extend(counter, code, name):
    """Finds a refused customer by name, reads why, and extends the expiry."""
    search(counter, name)
    assert name in counter.find("h1").text and grouped(code) in counter.text
    assert counter.word("short_bill_expired") in counter.find(".say h2").text
    counter.sees(counter.word("why_say"), counter.word("why_do"))
    assert len(counter.find("#say").text) > 10
    counter.press(counter.word("extend_button"))
    assert counter.find(".notice").text == counter.word("extended")
    assert counter.word("short_bill_expired") not in counter.find(".say h2").text
    assert counter.service.ask(code), "an inquiry after the extension"


def other_amount(counter, code, invoice, name):
    """A payment with another amount than its bill: decided, taken back, decided again."""
    service, word = counter.service, counter.word
    service.add(code, invoice, name)
    assert service.ask(code)
    service.pay(invoice, code, 140_000)
    until(lambda: service.bill(invoice)["state"] == "held", f"{invoice} to be held")
    counter.press(tab(counter, "tab_money"))
    card = counter.parts("article", name)[0]
    assert "Rp140.000" in card.text and "Rp150.000" in card.text, card.text
    card.find_element("name", "note").send_keys(HIDDEN)
    counter.press(counter.control(word("money_accept"), card), refused=[422])
    note = counter.find("article [name=note]")
    assert note.get_attribute("value") == HIDDEN
    assert fault_of(counter, note) == word("money_wrong_note")
    assert service.bill(invoice)["state"] == "held"
    note.clear()
    note.send_keys("short by 10.000, agreed")
    counter.press(word("money_accept"))
    assert counter.find(".notice").text == word("money_decided")
    assert not counter.parts("article", name)
    decided = counter.parts("ul.rows > li", name)[0]
    assert "short by 10.000, agreed" in decided.text
    assert service.bill(invoice)["state"] == "paid"
    counter.control(word("money_take_back"), decided).click()
    counter.press(decided.find_element("css selector", "form button:not(.enter)"))
    assert counter.find(".notice").text == word("money_reopened")
    assert service.bill(invoice)["state"] == "held"
    card = counter.parts("article", name)[0]
    counter.press(counter.control(word("money_refunded"), card))
    assert counter.find(".notice").text == word("money_decided")
    assert service.bill(invoice)["state"] == "open"


def fault_of(counter, field):
    """The sentence that is beside a field and named by it."""
    assert field.get_attribute("aria-invalid") == "true", field.get_attribute("outerHTML")
    described = field.get_attribute("aria-describedby").split()
    faults = [one for one in map(lambda id: counter.find(f"#{id}"), described)
              if "fault" in one.get_attribute("class")]
    assert len(faults) == 1 and faults[0].is_displayed() and faults[0].text, described
    gap = faults[0].rect["y"] - field.rect["y"] - field.rect["height"]
    assert 0 <= gap < 90, f"{gap} px below {field.get_attribute('name')}"
    return faults[0].text


def bill_form(counter, name):
    """Makes a bill with wrong fields first, then edits, cancels, reopens and prints it."""
    press, word, fill, service = counter.press, counter.word, counter.fill, counter.service
    press(tab(counter, "tab_bills"))
    press(word("bills_new"))
    counter.control(word("billform_more")).click()
    invoice, before = "NEW-" + name.split()[0], service.api("bills")["items"]
    wrong = {
        "name": "x" * 70, "amount": "dua puluh", "invoice": "A B", "expires": date(-3),
        "code": "123", "info": "y" * 40, "email": "nama",
    }
    for field, text in wrong.items():
        fill(field, text)
    press(word("billform_create"), refused=[422])
    assert counter.find("[role=alert]").text.startswith(word("billform_check"))
    for field, text in wrong.items():
        element = counter.find(f"#{field}")
        assert element.get_attribute("value") == text, field
        assert fault_of(counter, element).startswith(word(f"billform_fault_{field}")), field
    assert len(counter.all("[aria-invalid=true]")) == len(wrong)
    assert service.api("bills")["items"] == before

    right = {"name": name, "amount": "Rp150.000", "invoice": invoice, "expires": date(5),
             "code": "", "info": "", "email": ""}
    for field, text in right.items():
        fill(field, text)
    press(word("billform_create"))
    bill = service.bill(invoice)
    code = bill["payment_code"]
    assert counter.find(".notice").text == word("billform_created", code=grouped(code))
    assert service.ask(code)

    press(word("bills_edit"))
    assert counter.find("#amount").get_attribute("value") == "Rp150.000"
    fill("amount", "175.000")
    press(word("billform_save"))
    assert "Rp150.000 → Rp175.000" in counter.find(".notice").text
    assert service.bill(invoice)["amount"] == 175_000

    press(word("bills_print"))
    slip = counter.find(".slip")
    assert grouped(code) in slip.text and "Rp175.000" in slip.text and name in slip.text
    assert slip.find_element("css selector", "svg").rect["height"] > 30
    press(word("slip_back"))

    press(word("bills_cancel"))
    counter.sees(word("billclose_cancel_one"))
    fill("reason", "ordered twice")
    press(counter.control(word("billclose_cancel_button"), "main form"))
    assert counter.find(".notice").text == word("billclose_cancel_done")
    counter.sees("ordered twice")
    assert not service.ask(code)
    press(word("reopen_button"))
    assert counter.find(".notice").text == word("reopened")
    assert service.ask(code)
