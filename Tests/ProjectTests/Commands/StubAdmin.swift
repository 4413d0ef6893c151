// Somebody in the admin API's place who gives prepared answers: what a service gives only in the
// middle of something.

import Foundation
import TestSupport

extension Site {
    /// What a stub does behind its last answer.
    enum StubEnd: String {
        /// Gives it for ever.
        case repeats
        case leaves
    }

    /// Answers one request after the other, whatever it asks; one that is empty hangs up.
    ///
    /// - Parameter held: a file without which nothing is answered; that a request is here, and its
    ///     body unless it is chunked, is in a file with `.arrived` after that name.
    /// - Returns: its URL.
    func startStub(
        _ bodies: [String], then end: StubEnd, until held: String = ""
    ) async throws -> String {
        let program = """
            import http.server, os, sys, time
            end, held, bodies = sys.argv[1], sys.argv[2], [body.encode() for body in sys.argv[3:]]
            class Stub(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.rfile.read(int(self.headers.get("Content-Length", "0")))
                    if held:
                        open(held + ".arrived", "w").close()
                    while held and not os.path.exists(held):
                        time.sleep(0.01)
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
        let child = try start(["-c", program, end.rawValue, held] + bodies, program: "python3")
        let port = try await eventually("a port") {
            Int(child.output.trimmingCharacters(in: .newlines))
        }
        return "http://127.0.0.1:\(port)"
    }
}
