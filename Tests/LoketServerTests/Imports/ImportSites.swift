// What the tests of imports need besides files: an unfinished upload, a key for one account, and
// the complete content of the database.

import Foundation
import LoketStore
import TestSupport
import Testing

extension RunningService {
    /// Sends the head of an upload and the beginning of its body, but never the rest.
    func beginUpload(
        _ part: String = ImportCase.head, query: String = "", chunked: Bool = false
    ) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: adminPort)
        let body =
            chunked
            ? "Transfer-Encoding: chunked\r\n\r\n"
                + "\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n"
            : "Content-Length: \(part.utf8.count + 1_000)\r\n\r\n\(part)"
        let before = try await imports().count
        try await connection.send(
            "POST /admin/v1/imports\(query) HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer \(adminKey)\r\nContent-Type: text/csv\r\n" + body)
        try await eventually { try await imports().count > before }
        return connection
    }

    /// Ids and states of the imports, newest first.
    func imports(by client: AdminClient? = nil) async throws -> [String] {
        let answer = try await (client ?? admin).get("/admin/v1/imports")
        return try #require(answer.json()["items"]).elements.map {
            "\($0["id"]?.string ?? "") \($0["state"]?.string ?? "")"
        }
    }

    /// A client whose key is only for the account with this row id.
    func clientBound(toAccount id: Int64) async throws -> AdminClient {
        let text = "key-of-one-account-\(UUID().uuidString)"
        try store.addKey(
            text, name: "bound\(id)", scopes: Set(AdminKey.Scope.allCases), now: .now)
        try ForeignHand.damage(
            folder.file("loket.db"),
            "UPDATE admin_key SET account_id = \(id) WHERE name = 'bound\(id)'")
        return AdminClient(port: adminPort, key: text)
    }

    /// Every row of every table except those of imports and of the journal.
    func everything() throws -> String {
        try Program.run("python3", "-c", Self.dumping, folder.file("loket.db"))
    }

    private static let dumping = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], timeout=30)
        names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in sorted(names):
            # The words of names are written in the background.
            if name not in ("import", "admin_key", "inquiry", "bill_word", "bill_word_fill"):
                for row in database.execute(f'SELECT * FROM "{name}"'):
                    print(name, row)
        """
}
