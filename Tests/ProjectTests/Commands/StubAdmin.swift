// Somebody in the admin API's place who gives prepared answers: what a service gives only in the
// middle of something.

import Foundation

extension Site {
    /// What a stub does behind its last answer.
    enum StubEnd: String {
        /// Gives it for ever.
        case repeats
        case leaves
    }

    /// Answers one request after the other, whatever it asks; one that is empty hangs up.
    ///
    /// - Returns: its URL.
    func startStub(_ bodies: [String], then end: StubEnd) async throws -> String {
        let program = """
            import http.server, sys
            end, bodies = sys.argv[1], [body.encode() for body in sys.argv[2:]]
            class Stub(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.rfile.read(int(self.headers.get("Content-Length", "0")))
                    body = bodies.pop(0) if end == "leaves" or len(bodies) > 1 else bodies[0]
                    if not body:
                        return
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                do_POST = do_GET
            server = http.server.HTTPServer(("127.0.0.1", 0), Stub)
            print(server.server_port, flush=True)
            while bodies:
                server.handle_request()
            """
        let child = try start(["-c", program, end.rawValue] + bodies, program: "python3")
        let port = try await eventually("a port") {
            Int(child.output.trimmingCharacters(in: .newlines))
        }
        return "http://127.0.0.1:\(port)"
    }
}
