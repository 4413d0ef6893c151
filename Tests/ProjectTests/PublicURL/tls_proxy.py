"""A proxy that does TLS before a gateway, right or wrong, for PublicURLTests.

    tls_proxy.py PORT MODE CERTIFICATE...

PORT is the gateway's. The file MODE says what is done to the next request. Each CERTIFICATE is a PEM
file with its key; a port is printed for each, in their order.
"""

import http.client
import http.server
import json
import ssl
import sys
import threading

gateway, mode_file, certificates = int(sys.argv[1]), sys.argv[2], sys.argv[3:]


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def own(self, status, **headers):
        body = b"<html>%d</html>" % status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer(self):
        with open(mode_file) as file:
            mode = file.read().strip()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if mode.isdigit():
            return self.own(int(mode))
        if mode == "moved":
            return self.own(301, Location="https://localhost/elsewhere")
        if mode == "without health" and self.path == "/health":
            return self.own(404)
        headers = dict(self.headers)
        path = "/elsewhere" if mode == "another path" else self.path
        if mode == "without a header":
            headers.pop("Request-Timestamp", None)
        if mode == "another body" and body:
            body = json.dumps(json.loads(body)).encode()
            headers["Content-Length"] = str(len(body))
        upstream = http.client.HTTPConnection("127.0.0.1", gateway)
        upstream.request(self.command, path, body, headers)
        got = upstream.getresponse()
        content = got.read()
        if mode == "another answer" and content and got.status != 401:
            content += b"<!-- proxy -->"
        self.send_response_only(got.status)
        for name, value in got.getheaders():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = answer


for certificate in certificates:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever).start()
    print(server.server_port, flush=True)
