// The end of `serve`: after SIGTERM or SIGINT it completes requests in flight and exits with 0.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Stop {
        private static let code = "88965112345678"

        @Test(arguments: [SIGTERM, SIGINT])
        func `a signal to stop lets a half-sent request finish`(_ signal: Int32) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let doku = site.doku()
                let request = Service.inquiry(Self.code, by: doku)
                let bytes = Connection.bytes(of: request)
                var connection: Connection? = try Connection(port: service.gatewayPort)
                try connection?.send(bytes.dropLast(20))
                // An answer on a second connection shows that the first one's bytes have arrived.
                #expect(try await service.ask(Self.code).status == 200)

                service.child.send(signal)
                try await service.logged("stopping")
                try connection?.send(bytes.suffix(20))
                let answer = try connection?.answer()
                connection = nil
                #expect(answer?.status == 200)
                let signature = answer.map { doku.signature(of: $0, to: request) }
                #expect(signature == .verified)

                #expect(try await service.child.end().code == 0)
                try await service.logged("stopped")
                #expect(service.child.errors.isEmpty)
            }
        }

        /// A client that never reads its answer, and one that never sends the whole body.
        @Test(arguments: [
            String(repeating: "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 400),
            "POST /admin/v1/bills HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer KEY\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        ])
        func `a stalled client of the admin API does not prevent the end`(
            _ request: String
        ) async throws {
            try await withSite { site in
                let service = try await site.serve()
                let bytes = Array(request.replacing("KEY", with: try site.key).utf8)
                let connection = try Connection(port: service.adminPort)
                try await blocking { try connection.send(bytes) }
                // An answer to another client shows that the first connection was accepted.
                #expect(try await service.admin("GET", "/admin/v1/bills")["items"] != nil)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `all answered inquiries are in the journal after SIGTERM`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                for _ in 0..<20 { #expect(try await service.ask(Self.code).status == 200) }
                #expect(try await service.stop().code == 0)

                let count = try await site.python(
                    """
                    import sqlite3, sys
                    database = sqlite3.connect(sys.argv[1])
                    print(database.execute("SELECT count(*) FROM inquiry").fetchone()[0])
                    """)
                #expect(count == "20\n")
            }
        }

        @Test func `the database is a single file again after SIGTERM`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                #expect(try await service.stop().code == 0)
                let wal = FileManager.default.contents(atPath: site.database + "-wal")
                #expect(wal?.isEmpty != false)
            }
        }
    }
}
