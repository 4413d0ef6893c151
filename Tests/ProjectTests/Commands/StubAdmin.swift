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

    /// Answers every request, and records its method and target.
    ///
    /// - Parameter answers: Each an HTTP status and a body, in their order; the last is repeated.
    ///     The empty body closes the connection without an answer.
    func startRecorder(_ answers: [(status: Int, body: String)]) async throws -> Recorder {
        let program = """
            import http.server, sys
            answers = list(zip(sys.argv[1::2], sys.argv[2::2]))
            class Recorder(http.server.BaseHTTPRequestHandler):
                def answer(self):
                    self.rfile.read(int(self.headers.get("Content-Length", "0")))
                    print(self.command, self.path, flush=True)
                    status, body = answers.pop(0) if len(answers) > 1 else answers[0]
                    if not body:
                        return
                    self.send_response(int(status))
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body.encode())))
                    self.send_header("ETag", '"1"')
                    self.end_headers()
                    self.wfile.write(body.encode())
                do_GET = do_POST = do_PATCH = do_DELETE = answer
            server = http.server.HTTPServer(("127.0.0.1", 0), Recorder)
            print(server.server_port, flush=True)
            server.serve_forever()
            """
        let words = answers.flatMap { ["\($0.status)", $0.body] }
        let child = try start(["-c", program] + words, program: "python3")
        let port = try await eventually("a port") {
            child.output.split(separator: "\n").first.flatMap { Int($0) }
        }
        return Recorder(url: "http://127.0.0.1:\(port)", child: child)
    }
}

/// A stub of the admin API that has recorded its requests.
struct Recorder {
    let url: String
    fileprivate let child: Child

    /// The methods and targets, such as `GET /admin/v1/bills?limit=1`.
    var requests: [String] {
        child.output.split(separator: "\n").dropFirst().map(String.init)
    }
}
