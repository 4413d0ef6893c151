"""A day with bills by generated clients. scripts/client-test makes them and starts the service.

Arguments: the admin URL, the file of the admin key, and the command that sends a notification.
"""

import http.server
import json
import queue
import subprocess
import sys
import threading
import urllib.request

import standardwebhooks

import loket_models as models
from loket_client import AuthenticatedClient
from loket_client.api.bills import (
    cancel_bill,
    create_bills,
    edit_bill,
    list_bills,
    show_bill,
)
from loket_client.api.events import list_events
from loket_client.api.payments import list_payments
from loket_client.models import (
    BillEdit,
    BillState,
    CancelBillBody,
    EventType,
    NewBill,
    NewBillCustomer,
    Problem,
)

url, key_file, *notify = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=open(key_file).read().strip())
answers = 0


def read(response, model):
    """Returns an answer that the first client understands, and that the other's model accepts."""
    global answers
    assert response.status_code < 300, response.content
    model.model_validate_json(response.content)
    assert response.parsed is not None
    answers += 1
    return response.parsed


def new(number, **more):
    customer = NewBillCustomer(name="Anton Budiman", email="anton@example.com")
    return NewBill(invoice_number=f"INV-{number}", customer=customer, **more)


# Made: one by its code, one by its BIN with dated amounts, and a list.
first = new(1, payment_code="88965100000001", amount=150_000, info="Internet")
one = read(create_bills.sync_detailed(client=client, body=first), models.Bill)
assert one.amount == 150_000 and one.state is BillState.OPEN and one.id == "1"
again = create_bills.sync_detailed(client=client, body=first)
assert again.status_code == 200 and read(again, models.Bill).id == "1"
generated = new(2, bin_="889651", check_digit=True, amount=275_000)
code = read(create_bills.sync_detailed(client=client, body=generated), models.Bill).payment_code
assert code.startswith("889651")
several = [new(n, payment_code=f"8896510000000{n}", amount=1_000 * n) for n in (3, 4, 5)]
made = read(create_bills.sync_detailed(client=client, body=several), models.CreatedBills)
assert [bill.invoice_number for bill in made.items] == ["INV-3", "INV-4", "INV-5"]

# Refused, with the problem of the document.
wrong = create_bills.sync_detailed(client=client, body=new(6, payment_code="1", amount=1))
assert wrong.status_code == 422 and isinstance(wrong.parsed, Problem), wrong
assert wrong.parsed.errors[0].pointer == "/payment_code", wrong.parsed

# Edited in the version that was read, and cancelled.
shown = show_bill.sync_detailed("3", client=client)
read(shown, models.Bill)
edit = BillEdit(amount=3_500, info=None)
edited = edit_bill.sync_detailed("3", client=client, body=edit, if_match=shown.headers["ETag"])
assert read(edited, models.Bill).amount == 3_500
late = edit_bill.sync_detailed("3", client=client, body=edit, if_match=shown.headers["ETag"])
assert late.status_code == 412, late
gone = cancel_bill.sync_detailed("4", client=client, body=CancelBillBody(reason="ordered twice"))
assert read(gone, models.Bill).state is BillState.CANCELLED

# Paid, as DOKU reports it.
paying = ["--invoice", "INV-1", "--amount", "150000", "--code", "88965100000001"]
subprocess.run(notify + paying, check=True, stdout=subprocess.DEVNULL)
payments = list_payments.sync_detailed(client=client)
assert payments.status_code == 200, payments.content
assert [payment.invoice_number for payment in payments.parsed.items] == ["INV-1"]
answers += 1

# Listed, page by page, and followed.
found, cursor = [], None
while True:
    more = {"cursor": cursor} if cursor else {}
    page = list_bills.sync_detailed(client=client, limit=2, **more)
    assert page.status_code == 200, page.content
    found += [(bill.invoice_number, bill.state.value) for bill in page.parsed.items]
    answers += 1
    cursor = page.parsed.next_cursor
    if cursor is None:
        break
states = {"INV-5": "open", "INV-4": "cancelled", "INV-3": "open", "INV-2": "open", "INV-1": "paid"}
assert found == list(states.items()), found
events = list_events.sync_detailed(
    client=client, types=f"{EventType.PAYMENT_SETTLED},{EventType.BILL_CANCELLED}", wait=1
)
assert events.status_code == 200, events.content
kinds = [event.type_.value for event in events.parsed.items]
assert kinds == ["bill.cancelled", "payment.settled"], kinds
for event in events.parsed.items:
    models.Event.model_validate(event.to_dict())
answers += 1

# Sent to a webhook, and verified by the specification's own library.
messages = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        messages.put((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def ask(path, body):
    """Posts JSON with the same key."""
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))


receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
target = f"http://127.0.0.1:{receiver.server_address[1]}/"
webhook = ask("/admin/v1/webhooks", {"url": target, "types": ["bill.cancelled"]})
path = f"/admin/v1/webhooks/{webhook['id']}"
secrets = [webhook["secret"], ask(path + "/rotate-secret", {})["secret"]]
gone = cancel_bill.sync_detailed("5", client=client, body=CancelBillBody())
assert read(gone, models.Bill).state is BillState.CANCELLED
headers, body = messages.get(timeout=60)
for secret in secrets:
    message = standardwebhooks.Webhook(secret).verify(body, headers)
    assert message["data"]["bill"]["invoice_number"] == "INV-5", message
    try:
        standardwebhooks.Webhook(secret).verify(body + b" ", headers)
        raise AssertionError("a changed body was accepted")
    except standardwebhooks.WebhookVerificationError:
        pass
print(f"{answers} answers read by generated clients")
