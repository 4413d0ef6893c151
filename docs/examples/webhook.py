"""Makes a bill, catches up by the feed of events, and then receives events by a webhook.

Needs Python 3.9 and nothing else. Variables: LOKET_URL, LOKET_KEY, WEBHOOK_SECRET, PORT.
"""
import base64, hashlib, hmac, http.server, json, os, time, urllib.request

seen = set()  # In your program a table with the id as its key, in one transaction with the work.

def handle(event_id, event_type):
    if event_id not in seen:
        seen.add(event_id)
        print(event_type, event_id, flush=True)

def loket(method, path, body=None):
    request = urllib.request.Request(
        os.environ["LOKET_URL"] + path, body and json.dumps(body).encode(), method=method,
        headers={"Authorization": "Bearer " + os.environ["LOKET_KEY"],
                 "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))

def is_genuine(headers, body):
    key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"] or 0)) < 300
    signatures = (headers["webhook-signature"] or "").split()
    return is_fresh and any(hmac.compare_digest(wanted, one) for one in signatures)

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = is_genuine(self.headers, body)
        if genuine:
            handle(self.headers["webhook-id"], json.loads(body)["type"])
        self.send_response(204 if genuine else 401)
        self.end_headers()

bill = loket("POST", "/admin/v1/bills", {
    "payment_code": "88965112345678", "invoice_number": "INV-1", "amount": 150000,
    "customer": {"name": "Anton Budiman"}})
print("bill", bill["id"], flush=True)
after, more = "0", True  # Keep `next_cursor`, and begin with it the next time.
while more:
    page = loket("GET", "/admin/v1/events?after=" + after)
    for event in page["items"]:
        handle(event["id"], event["type"])
    after, more = page["next_cursor"], page["has_more"]
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
