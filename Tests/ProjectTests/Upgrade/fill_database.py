"""Fills a database through the listeners of any version of loket, and prints it as SQL.

    python3 fill_database.py LOKET > Databases/schema_N.sql

LOKET is the program of the version with that schema: `git worktree add ../old COMMIT`, then there
`scripts/build`. The run takes 90 seconds, because Check Status is used for quotes after a minute.
Features that a version does not have, such as the attention list, are left out.
"""

import base64, datetime, hashlib, hmac, http.client, http.server, json, os, shutil, sqlite3
import subprocess, sys, tempfile, threading, time

CLIENT, SECRET, CODE = "MCH-0001-10791114622547", "SK-of-a-made-up-shop", "88965100000"
INQUIRY, NOTIFICATION = "/doku/inquiry", "/doku/notification"


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def signature(request, stamp, target, body=None, secret=SECRET):
    lines = [f"Client-Id:{CLIENT}", f"Request-Id:{request}", stamp, f"Request-Target:{target}"]
    if body is not None:
        lines.append("Digest:" + base64.b64encode(hashlib.sha256(body).digest()).decode())
    mac = hmac.digest(secret.encode(), "\n".join(lines).encode(), "sha256")
    return "HMACSHA256=" + base64.b64encode(mac).decode()


class CheckStatus(http.server.BaseHTTPRequestHandler):
    """A Check Status server with two payments, which signs only one of its answers."""

    def do_GET(self):
        number = self.path.rsplit("/", 1)[1]
        place = {"INV-13": 13, "INV-14": 14}.get(number)
        body = notice(number, 150000 + place, f"{CODE}0{place}") if place else b"{}"
        request, stamp = self.headers["Request-Id"], now()
        self.send_response(200 if place else 404)
        for name, value in [("Client-Id", CLIENT), ("Request-Id", request),
                            ("Response-Timestamp", stamp), ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        if place == 13:
            self.send_header("Signature", signature(
                request, f"Response-Timestamp:{stamp}", self.path, body))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Loket:
    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix="loket-fixture-")
        self.requests = 0
        self.status = http.server.ThreadingHTTPServer(("127.0.0.1", 0), CheckStatus)
        threading.Thread(target=self.status.serve_forever, daemon=True).start()
        self.write("secret", SECRET + "\n")
        self.settings("")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def settings(self, more):
        self.write("loket.yaml", f"""
            gateway: {{ host: 127.0.0.1, port: 0 }}
            admin: {{ host: 127.0.0.1, port: 0 }}
            database: loket.db
            accounts:
              - client_id: {CLIENT}
                secrets: [{{ file: secret }}]
                bins: [{{ bin: "889651", type: doku_exclusive, channels: [alfa] }}]
            check_status:
              base_url: http://127.0.0.1:{self.status.server_port}
              {more}
            """)

    def run(self, *arguments):
        subprocess.run([self.program, *arguments], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)

    def start(self):
        self.log = open(self.path("log"), "w+")
        self.process = subprocess.Popen(
            [self.program, "serve", "--config", "loket.yaml"], cwd=self.folder, stdout=self.log,
            stderr=subprocess.STDOUT)
        while True:
            with open(self.path("log")) as log:
                lines = [json.loads(line) for line in log if line.startswith("{")]
            heard = [line["fields"] for line in lines if line.get("message") == "listening"]
            if heard:
                self.gateway = int(heard[0]["gateway_port"])
                self.admin_port = int(heard[0]["admin_port"])
                return
            if self.process.poll() is not None:
                sys.exit(open(self.path("log")).read())
            time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def send(self, port, method, target, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def admin(self, method, target, body=None, kind="application/json", wanted=(200, 201, 202)):
        key = open(self.path("loket.db.admin-key")).read().strip()
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        status, text = self.send(self.admin_port, method, "/admin/v1/" + target, data, {
            "Authorization": "Bearer " + key, "Content-Type": kind, "If-Match": "*"})
        if status not in wanted:
            sys.exit(f"{method} {target}: {status} {text}")
        return json.loads(text)

    def doku(self, target, body, signed=None, secret=SECRET):
        self.requests += 1
        request, stamp = f"fixture-{self.requests}", now()
        status, _ = self.send(self.gateway, "POST", target, body, {
            "Content-Type": "application/json", "Client-Id": CLIENT, "Request-Id": request,
            "Request-Timestamp": stamp, "Signature": signature(
                request, f"Request-Timestamp:{stamp}", signed or target, body, secret)})
        return status

    def notify(self, *bodies):
        for body in bodies:
            if self.doku(NOTIFICATION, body) != 200:
                sys.exit(f"not taken: {body}")

    def ask(self, code):
        self.doku(INQUIRY, json.dumps({
            "service": {"id": "ONLINE_TO_OFFLINE"}, "acquirer": {"id": "ALFA"},
            "channel": {"id": "ONLINE_TO_OFFLINE_ALFA"},
            "online_to_offline_info": {"payment_code": code},
            "online_to_offline_inquiry": {"date": now(), "identifier": []}}).encode())

    def bill(self, place, number=None, amount=None, **more):
        return self.admin("POST", "bills", {
            "payment_code": place if isinstance(place, str) else f"{CODE}{place:03}",
            "invoice_number": number or f"INV-{place}", "amount": amount or 150000 + place,
            "customer": {"name": f"Pelanggan {place}"}, **more})

    def resolve(self, number, action, **more):
        """Returns the payment of an invoice number or a notification."""
        payments = self.admin("GET", "payments?limit=1000")["items"]
        if isinstance(number, int):
            told = self.admin("GET", f"notifications/{number}")["payment_id"]
        else:
            told = [p["id"] for p in payments if p["invoice_number"] == number][0]
        self.admin("POST", f"payments/{told}/resolve", {"action": action, **more})
        return told

    def await_event(self, kind, finding):
        while not any(event["type"] == kind and event["finding"]["name"] == finding
                      for event in self.admin("GET", "events?limit=1000")["items"]):
            time.sleep(0.05)

    def last_notification(self):
        return int(self.admin("GET", "notifications?limit=1")["items"][0]["id"])

    def send_file(self, rows, query=""):
        text = "payment_code,invoice_number,amount,customer_name\n" + "".join(
            ",".join(map(str, row)) + "\n" for row in rows)
        made = self.admin("POST", "imports" + query, text.encode(), "text/csv")["id"]
        while self.admin("GET", f"imports/{made}")["state"] not in ("applied", "refused", "undone"):
            time.sleep(0.05)
        return made


def notice(number, amount, code, transaction=None, status="SUCCESS", date=None, **more):
    """Returns a notification; callers insert more members and bytes in place of `"more": 0`."""
    body = {
        "service": {"id": "ONLINE_TO_OFFLINE"}, "acquirer": {"id": "ALFA"},
        "channel": {"id": "ONLINE_TO_OFFLINE_ALFA"},
        "transaction": {"status": status, "date": date or now()},
        "order": {"invoice_number": number, "amount": amount},
        "online_to_offline_info": {"payment_code": code},
        "online_to_offline_payment": {"identifier": [
            {"name": "AGENT_ID", "value": "ALFAMART"},
            {"name": "AGENT_TRX_ID", "value": str(transaction or number)}]},
        "more": 0}
    return json.dumps({**body, **more}).encode()


MORE = b'"more": 0'
# Bodies that the first version could not read as JSON, or whose status it did not read as
# SUCCESS, each for a separate bill: INV-31, INV-32, …
ODD = [
    lambda body: body.replace(MORE, rb'"customer": {"name": "\ud83d"}'),
    lambda body: body.replace(MORE, b'"customer": {"name": "Zo\xeb"}'),
    lambda body: body.replace(MORE, b'"customer": {"name": "A\tB"}'),
    lambda body: body.replace(MORE, b'"more": 1, "more": 1'),
    lambda body: body.replace(MORE, b'"more": 1, "more": 2'),
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: body.replace(b'"amount"', b'"currency": "IDR", "currency": "IDR", "amount"'),
    # A used field: twice with one value, then with two.
    lambda body: body.replace(b'"status"', b'"status": "SUCCESS", "status"'),
    lambda body: body.replace(b'"amount"', b'"amount": 1, "amount"'),
    lambda body: body.replace(b'"order"', b'"order": {"amount": 1}, "order"'),
    lambda body: body.replace(b'"SUCCESS"', rb'"SUCCESS\udc00"'),
    lambda body: body.replace(b'"invoice_number": "', b'"invoice_number": "\xeb'),
    lambda body: body.replace(b'"SUCCESS"', b'"\tSUCCESS"'),
    # Readable, but not a payment.
    lambda body: body.replace(b"SUCCESS", b"FAILED").replace(MORE, b'"more": "Zo\xeb"'),
    lambda body: body.replace(b"SUCCESS", b"REFUNDED").replace(MORE, b'"more": "Zo\xeb"'),
    lambda body: body.replace(b"ONLINE_TO_OFFLINE", b"VIRTUAL").replace(MORE, b'"more": "Zo\xeb"'),
    # Statuses that the first version did not read as SUCCESS.
    lambda body: body.replace(b"SUCCESS", b"SUCCESS "),
    lambda body: body.replace(b"SUCCESS", rb"\n success"),
    # With a decision: accepted, refunded, dismissed, dismissed and not a payment.
    lambda body: body.replace(MORE, b'"customer": {"name": "Zo\xeb"}'),
    lambda body: body.replace(MORE, b'"customer": {"name": "Zo\xeb"}'),
    lambda body: body.replace(MORE, b'"customer": {"name": "Zo\xeb"}'),
    lambda body: body.replace(b"SUCCESS", b"FAILED").replace(MORE, b'"more": "Zo\xeb"'),
]


def fill(loket):
    """The features of every version so far."""
    for place in range(1, 9):
        loket.bill(place)
    loket.bill(9, amount=50000, reusable=True)
    loket.bill(10, customer={"name": "Siti Rahayu", "email": "siti@example.com"},
               info="Terima kasih", metadata={"kelas": "7A"})
    for place in (13, 14):
        loket.bill(place)
        loket.ask(f"{CODE}{place:03}")
    asked_at = time.monotonic()
    for code in ("001", "002", "009", "099"):
        loket.ask(CODE + code)
    loket.admin("POST", "bills/3/cancel", {})
    loket.admin("POST", "bills/4/cancel", {"reason": "paid_elsewhere"})
    loket.admin("POST", "pause", {"reason": "tutup buku"})
    loket.ask(CODE + "001")
    loket.admin("POST", "resume", {})
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    loket.bill(11, expires_at=soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    time.sleep(3)
    loket.ask(CODE + "011")
    loket.bill(11, "INV-11B", 5000)
    loket.admin("PATCH", "bills/2", {"amount": 90000}, "application/merge-patch+json")

    pay = notice
    one = pay("INV-1", 150001, CODE + "001", 11)
    loket.notify(
        one, one, pay("INV-1", 150001, CODE + "001", 12), pay("INV-2", 150002, CODE + "002"),
        pay("INV-3", 150003, CODE + "003"), pay("INV-5", 5, CODE + "005"),
        pay("NOBODY-6", 150006, CODE + "006"), pay("INV-7", 150007, CODE + "008"),
        pay("VA-1", 1000, "7771234", service={"id": "VIRTUAL_ACCOUNT"}),
        pay("X", 1000, "9999123"), pay("INV-8", 150008, CODE + "008", status="FAILED"),
        pay("INV-8", 150008, CODE + "008", status="PENDING"), b'{"nothing": 1}', b"not json",
        pay("INV-9", 50000, CODE + "009"), pay("INV-10", 150010, CODE + "010", status="success",
                                                date="20261122101112"),
        pay("INV-1", 150001, CODE + "001", status="REFUNDED"),
        pay("INV-2", 150002, CODE + "002", status="FAILED"),
        pay("INV-11B", 5000, CODE + "011", date="2014-12-31T23:59:59Z"))
    loket.requests -= 1  # the same delivery, with the same Request-Id
    loket.notify(pay("INV-11B", 5000, CODE + "011", date="2014-12-31T23:59:59Z"))
    loket.resolve("INV-3", "accept", bill_id="3")
    second = [p for p in loket.admin("GET", "payments?invoice_number=INV-1")["items"]
              if p["standing"] == "duplicate"][0]["id"]
    loket.admin("POST", f"payments/{second}/resolve",
                {"action": "refunded", "note": "kembali tunai"})

    first = loket.last_notification() + 1
    for place, odd in enumerate(ODD, 31):
        loket.bill(place)
        loket.notify(odd(pay(f"INV-{place}", 150000 + place, f"{CODE}{place:03}")))
    decided = first + len(ODD) - 4
    if loket.admin("GET", f"notifications/{decided}")["standing"] == "unreadable":
        bill = loket.admin("GET", f"bills?invoice_number=INV-{27 + len(ODD)}")["items"][0]["id"]
        loket.resolve(decided, "accept", bill_id=bill)
        loket.resolve(decided + 1, "refunded")
        loket.resolve(decided + 2, "dismiss", note="tidak terbaca")
        loket.resolve(decided + 3, "dismiss")

    for mistake in ({"secret": "SK-other"}, {"signed": NOTIFICATION + "/"}):
        loket.doku(NOTIFICATION, pay("INV-8", 150008, CODE + "008"), **mistake)
    loket.send_file([(f"{CODE}{100 + n}", f"IMP-{n}", 10000 + n, f"Nama {n}") for n in range(5)])
    undone = loket.send_file([(CODE + "101", "IMP-1", 20001, "Nama 1"),
                              (CODE + "113", "IMP-33", 10003, "Nama 3")])
    loket.admin("POST", f"imports/{undone}/undo", {})
    while loket.admin("GET", f"imports/{undone}")["state"] != "undone":
        time.sleep(0.05)
    loket.admin("POST", "keys", {"name": "kasir", "scopes": ["read"]})
    loket.admin("POST", "bills/1/forget", {})
    return asked_at


def fill_safekeeping(loket):
    """The features of m0004: holds, revoked decisions, the attention list."""
    loket.notify(notice("LATER-1", 70001, CODE + "201"), notice("OTHER", 70002, CODE + "202"),
                 notice("LATER-3", 70003, CODE + "203"), notice("IMP-204", 70004, CODE + "299"))
    loket.bill(201, "LATER-1", 70001)
    loket.bill(202, "LATER-2", 70002)
    loket.bill(203, "LATER-3", 70003, reusable=True)
    loket.send_file([(CODE + "204", "IMP-204", 70004, "Nama 204")])
    again = loket.resolve("OTHER", "dismiss")
    loket.admin("POST", f"payments/{again}/reopen", {"note": "salah pilih"})
    loket.resolve("NOBODY-6", "refunded")
    seen = loket.admin("GET", "attention?kind=contradicts_payment")["items"][0]["id"]
    loket.admin("POST", f"attention/{seen}/resolve", {"note": "sudah ditanyakan"})


def fill_refused(loket):
    """The feature of m0006: stored refused requests. Earlier versions do not store them."""
    loket.doku(INQUIRY, b"{}", secret="SK-other")
    loket.doku("/api" + INQUIRY, b"{}")


def fill_findings(loket):
    """The other feature of m0006: a finding that begins and ends. Earlier versions have none."""
    if "findings" not in loket.admin("GET", "status", wanted=(200, 404)):
        return
    loket.admin("POST", "pause", {"reason": "tutup buku"})
    loket.await_event("service.finding_began", "paused")
    loket.admin("POST", "resume", {})
    loket.await_event("service.finding_ended", "paused")


def fill_calendar(loket):
    """The features of m0007: amounts by date, a beginning, a due date, and a reopened bill."""
    if "amounts" not in loket.admin("GET", "bills/2"):
        return
    steps = [{"until": "2026-12-10", "amount": 150000}, {"until": "2026-12-31", "amount": 165000},
             {"amount": 175000}]
    for place, more in [(301, {"amounts": steps, "due_at": "2026-12-10"}),
                        (302, {"amount": 50000, "valid_from": "2099-01-01"}),
                        (303, {"amount": 50000, "due_at": "2026-12-10"})]:
        loket.admin("POST", "bills", {
            "payment_code": f"{CODE}{place}", "invoice_number": f"INV-{place}",
            "customer": {"name": f"Pelanggan {place}"}, **more})
        loket.ask(f"{CODE}{place}")
    number = loket.admin("GET", "bills?invoice_number=INV-303")["items"][0]["id"]
    loket.admin("POST", f"bills/{number}/cancel", {})
    loket.admin("POST", f"bills/{number}/reopen", {})


def fill_systems(loket):
    """The features of m0008: a webhook and options of an import. A restore turns a webhook off."""
    if "items" not in loket.admin("GET", "webhooks", wanted=(200, 404)):
        return
    loket.admin("POST", "webhooks", {
        "url": "https://hook.example/loket", "types": ["payment.settled"], "note": "akuntansi"})
    loket.send_file([(f"{CODE}401", "IMP-401", "10.401", "Nama 401")],
                    "?amount_format=indonesian&note=dari%20sekolah")


def reconcile(loket, asked_at):
    time.sleep(max(0, 62 - (time.monotonic() - asked_at)))
    loket.admin("POST", "reconcile", {})
    while loket.admin("GET", "reconcile")["state"] != "done":
        time.sleep(0.05)


def restore(loket):
    """Continues with a restored copy: a restoration and a second epoch."""
    loket.run("backup", "copy.db", "--url", f"http://127.0.0.1:{loket.admin_port}",
              "--key-file", "loket.db.admin-key")
    loket.stop()
    for name in ("loket.db", "loket.db-wal", "loket.db-shm", "loket.db.mark"):
        if os.path.exists(loket.path(name)):
            os.remove(loket.path(name))
    loket.run("restore", "copy.db")
    loket.start()
    loket.admin("POST", "resume", {"accept_risk": True})


def main():
    loket = Loket(sys.argv[1])
    try:
        loket.start()
        has_attention = loket.admin("GET", "attention", wanted=(200, 404)).get("items") is not None
        if has_attention:
            loket.stop()
            loket.settings("answers_signed: false")
            loket.start()
        asked_at = fill(loket)
        if has_attention:
            fill_safekeeping(loket)
        fill_refused(loket)
        fill_findings(loket)
        fill_calendar(loket)
        fill_systems(loket)
        reconcile(loket, asked_at)
        restore(loket)
        loket.stop()
        for line in sqlite3.connect(loket.path("loket.db")).iterdump():
            print(line)
    finally:
        loket.process.kill()
        shutil.rmtree(loket.folder)


main()
