// Backups over the admin API: streamed with their length and digest, one at a time, only for keys
// with the scope.

import AsyncHTTPClient
import Foundation
import LoketCore
import LoketSystem
import LoketStore
import NIOCore
import TestSupport
import Testing

struct BackupTests {
    private static let path = "/admin/v1/backup"

    /// Requests a backup and reads only the head of the answer.
    private func begin(_ service: RunningService) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(
            url: "http://127.0.0.1:\(service.adminPort)\(Self.path)")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(service.adminKey)")
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }

    /// Makes the database larger than the buffers between two sockets.
    private func fill(_ service: RunningService) throws {
        let metadata = #"{"note":"\#(String(repeating: "n", count: 4000))"}"#
        try service.seed(
            (0..<6_000).map { place in
                try .sample("8896\(5_110_000_000 + place)", "INV-\(place)") {
                    $0.metadata = metadata
                }
            })
    }

    @Test func `a backup comes with its length, its digest and its name`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let response = try await begin(service)
            #expect(response.status == .ok)
            let headers = response.headers
            #expect(headers.first(name: "content-type") == "application/vnd.sqlite3")
            #expect(headers.first(name: "cache-control") == "no-store")
            let name = try #require(headers.first(name: "content-disposition"))
            let form = /attachment; filename="loket-\d{8}T\d{6}Z\.db"/
            #expect(name.wholeMatch(of: form) != nil, "\(name)")
            let body = Array(try await response.body.collect(upTo: 1 << 26).readableBytesView)
            #expect(headers.first(name: "content-length") == "\(body.count)")
            let digest = Data(SHA256Digest(of: body).bytes).base64EncodedString()
            #expect(headers.first(name: "repr-digest") == "sha-256=:\(digest):")
            #expect(body.starts(with: Array("SQLite format 3\0".utf8)))

            let copy = service.folder.file("copy.db")
            try Data(body).write(to: URL(fileURLWithPath: copy))
            let store = try Store(path: copy)
            #expect(try await store.bill(id: 1)?.bill.invoiceNumber.text == "INV-1")
            try store.close()
            let logged = service.log.lines("admin write").last
            #expect(logged?.text("route") == "POST /admin/v1/backup")
            #expect(logged?.text("bytes") == "\(body.count)")
        }
    }

    @Test func `only one backup runs at a time`() async throws {
        try await withService { service in
            try fill(service)
            let held = try await begin(service)
            #expect(held.status == .ok)
            try expectProblem(
                try await service.admin.post(Self.path, "{}"), 409, "backup_running")
            // Other requests are still answered.
            #expect(try await service.admin.get("/admin/v1/bills").status == 200)
            #expect(try await service.ask(Shop.doku.inquiry("88965110000007")).status == 200)
            let names = service.folder.files
            #expect(!names.contains { $0.contains("unfinished") }, "\(names)")
            _ = try await held.body.collect(upTo: 1 << 28)
            #expect(try await begin(service).status == .ok)
        }
    }

    @Test func `a client that disconnects during a backup frees everything`() async throws {
        try await withService { service in
            try fill(service)
            for _ in 0..<3 {
                let connection = try await RawConnection.open(
                    port: service.adminPort, reads: false)
                try await connection.send(
                    "POST \(Self.path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + "\(service.adminKey)\r\nContent-Length: 0\r\n\r\n")
                try await eventually {
                    service.folder.openFiles.contains { $0.contains("unfinished") }
                }
                await connection.close()
                try await eventually {
                    let answer = try await begin(service)
                    guard answer.status == .ok else { return false }
                    _ = try await answer.body.collect(upTo: 1 << 28)
                    return true
                }
            }
            try await eventually {
                !service.folder.openFiles.contains { $0.contains("unfinished") }
            }
        }
    }

    @Test func `a key without the scope, or of one account, gets no backup`() async throws {
        try await withService { service in
            let writes = String(repeating: "w", count: 40)
            try service.store.addKey(
                writes, name: "till", scopes: [.read, .write, .keys], now: .now)
            let admin = AdminClient(port: service.adminPort, key: writes)
            try expectProblem(try await admin.post(Self.path, "{}"), 403, "scope_missing")
            try expectProblem(
                try await service.admin.post(Self.path, #"{"all":true}"#), 400, "unknown_field")
            try expectProblem(
                try await service.admin.post(Self.path + "?x=1", "{}"), 400, "unknown_parameter")
            #expect(try await begin(service).status == .ok)
        }
    }

    @Test func `an unread backup does not keep the service from stopping`() async throws {
        try await withService { service in
            try fill(service)
            let held = try await begin(service)
            #expect(held.status == .ok)
            // The rest, which the client has not read yet, is never sent.
            await service.stop()
            let outcome = await Result { try await held.body.collect(upTo: 1 << 28) }
            _ = outcome
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
