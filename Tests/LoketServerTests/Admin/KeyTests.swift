// Who may use the admin API: the first key and its file, and requests without a valid key.

import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

struct KeyTests {
    @Test func `the first key is in a file of its owner and nowhere else`() async throws {
        try await withService { service in
            let path = service.folder.file("loket.db.admin-key")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(service.adminKey.utf8.count >= 32)
            #expect(try await service.admin.get("/admin/v1/bills").status == 200)
            #expect(service.log.text.contains(path))
            #expect(!service.log.text.contains(service.adminKey))
            #expect(!service.log.text.contains(service.adminKey.dropFirst("loket_".count)))
        }
    }

    @Test func `no file other than the first key's contains the text of a key`() async throws {
        try await withFolder { folder in
            var texts: [String] = []
            try await withService(in: folder) { service in
                let till = try await service.client("till", scopes: ["read"])
                #expect(try await till.get("/admin/v1/bills").status == 200)
                texts = [service.adminKey, try #require(till.key)]
                try checkAbsence(of: texts, in: folder)
            }
            try checkAbsence(of: texts, in: folder)
        }
    }

    private func checkAbsence(of texts: [String], in folder: URL) throws {
        #expect(folder.files.contains("loket.db"))
        for name in folder.files where name != "loket.db.admin-key" {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            for text in texts {
                let part = Data(text.utf8.dropFirst("loket_".count).prefix(16))
                #expect(bytes.range(of: part) == nil, "\(name)")
            }
        }
    }

    @Test func `a key is random and kept over a restart`() async throws {
        try await withFolder { folder in
            var keys: [String] = []
            for _ in 0..<2 {
                try await withService(in: folder) { service in
                    keys.append(service.adminKey)
                    let answer = try await service.admin.get("/admin/v1/bills")
                    #expect(answer.status == 200)
                }
            }
            #expect(Set(keys).count == 1)
            try await withService { service in
                let other = AdminClient(port: service.adminPort, key: keys.first)
                try expectProblem(try await other.get("/admin/v1/bills"), 401, "key_missing")
            }
        }
    }

    @Test func `the environment names the first key once, and no file is written`() async throws {
        let first = "first-" + UUID().uuidString
        let second = "second-" + UUID().uuidString
        try await withFolder { folder in
            for key in [first, second] {
                try await withService(in: folder, environment: ["LOKET_ADMIN_KEY": key]) {
                    service in
                    let admin = AdminClient(port: service.adminPort, key: first)
                    #expect(try await admin.get("/admin/v1/bills").status == 200)
                    let other = AdminClient(port: service.adminPort, key: second)
                    try expectProblem(try await other.get("/admin/v1/bills"), 401, "key_missing")
                    #expect(!service.log.text.contains(key))
                }
            }
            #expect(!folder.files.contains("loket.db.admin-key"))
        }
    }

    private static let wrong: [[String]] = [
        [], ["Bearer "], ["Bearer"], ["KEY"], ["Basic KEY"], ["Bearer wrong"], ["Bearer  KEY"],
        ["Bearer KEY x"], ["Bearer KEY", "Bearer KEY"],
        ["Bearer KEY", "Bearer wrong"], ["Bearer KEYx"], ["Bearer key"],
    ]

    @Test func `without exactly one right key nothing is revealed`() async throws {
        try await withService { service in
            for lines in Self.wrong {
                let values = lines.map { $0.replacing("KEY", with: service.adminKey) }
                for (method, path) in [("GET", "/admin/v1/bills"), ("POST", "/admin/v1/pause")] {
                    let answer = try await service.admin.send(
                        method, path, body: nil, authorization: values)
                    try expectProblem(answer, 401, "key_missing")
                }
            }
            #expect(try service.store.pauses().isEmpty)
        }
    }

    @Test func `a key permits what its scopes say and no more`() async throws {
        try await withService { service in
            let bill = BillJSON().text
            let reads = String(repeating: "r", count: 40)
            let writes = String(repeating: "w", count: 40)
            try service.store.addKey(reads, name: "shelf", scopes: [.read], now: .now)
            try service.store.addKey(writes, name: "till", scopes: [.write, .keys], now: .now)
            let reader = AdminClient(port: service.adminPort, key: reads)
            let writer = AdminClient(port: service.adminPort, key: writes)
            #expect(try await reader.get("/admin/v1/bills").status == 200)
            try expectProblem(
                try await reader.post("/admin/v1/bills", bill), 403, "scope_missing")
            #expect(try await writer.post("/admin/v1/bills", bill).status == 201)
            try expectProblem(try await writer.get("/admin/v1/bills"), 403, "scope_missing")
        }
    }

    @Test func `pages about the service's state need no key and contain no bill`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-SECRET")])
            let stranger = AdminClient(port: service.adminPort)
            for path in ["/ready", "/metrics"] {
                let answer = try await stranger.get(path)
                #expect(answer.status == 200)
                #expect(!answer.text.contains("INV-SECRET"))
                #expect(!answer.text.contains("88965110000001"))
            }
        }
    }
}
