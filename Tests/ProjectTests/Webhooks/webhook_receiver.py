"""Three receivers of webhooks, by path: /slow, /flaky (refuses the first attempt for each event)
and /gone (answers 410 from some event on). Each request is a line of the log: path, webhook-id,
status, invoice number. Prints the port.

Arguments: the log file, and the number of events that /gone takes.
"""

import http.server
import json
import sys
import threading
import time

log = open(sys.argv[1], "a", buffering=1)
takes = int(sys.argv[2])
lock = threading.Lock()
seen = {"/slow": set(), "/flaky": set(), "/gone": set()}


def status(path, event):
    """Returns the answer to an event; called with the lock."""
    is_new = event not in seen[path]
    seen[path].add(event)
    if path == "/flaky" and is_new:
        return 500
    return 410 if path == "/gone" and len(seen[path]) > takes else 204


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        event = self.headers["webhook-id"]
        invoice = (body["data"]["bill"] or {}).get("invoice_number", "-")
        with lock:
            answer = status(self.path, event)
            log.write(f"{self.path} {event} {answer} {invoice}\n")
        if self.path == "/slow":
            time.sleep(0.002)
        self.send_response(answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
