// A stub of the admin API with prepared answers, for answers that a service gives only during an
// operation.

import Foundation
import TestSupport

extension Site {
    /// The behavior of a stub after its last answer.
    enum StubEnd: String {
        /// Repeats the answer.
        case repeats
        case leaves
    }

    /// Answers one request after the other, whatever its content; an empty answer closes the
    /// connection.
    ///
    /// - Parameter held: A file without which no request is answered. A file with this name and
    ///     `.arrived` shows that a request, with its body unless it is chunked, has arrived.
    /// - Returns: The stub's URL.
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
