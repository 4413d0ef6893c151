// The importing merchant: writes files of bills, sends them to a real process, and reads the
// results, over restarts on the same port.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

struct ImportCounter: Sendable {
    let desk: PaymentDesk
    private let adminPort: Int
    private let key: String

    init(_ site: Site, _ service: Service) throws {
        desk = try PaymentDesk(site, service)
        adminPort = service.adminPort
        key = try site.key
    }

    // MARK: Files

    static let head = "payment_code,invoice_number,amount,customer_name\n"

    /// Returns a file with bills of these numbers, in order.
    static func file(_ numbers: Range<Int>, amount: (Int) -> Int64 = PaymentBill.amount) -> [UInt8]
    {
        var bytes = Array(head.utf8)
        bytes.reserveCapacity(numbers.count * 48)
        for number in numbers {
            bytes += row(number, amount: "\(amount(number))").utf8
        }
        return bytes
    }

    static func row(_ number: Int, amount: String) -> String {
        "\(PaymentBill.code(number)),\(PaymentBill.invoice(number)),\(amount),Anton Budiman\n"
    }

    // MARK: Sending

    func head(length: Int, query: String = "") -> [UInt8] {
        Array(
            """
            POST /admin/v1/imports\(query) HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer \(key)\r
            Content-Type: text/csv\r
            Content-Length: \(length)\r
            \r

            """.utf8)
    }

    /// Sends a complete file.
    ///
    /// - Returns: The import's id.
    func send(_ file: [UInt8], query: String = "") async throws -> String {
        let head = head(length: file.count, query: query)
        let port = adminPort
        let answer = try await blocking {
            let connection = try Connection(port: port)
            try connection.send(head)
            try connection.send(file)
            return try connection.answer()
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 202 else { throw Project.Missing(description: text) }
        return try #require(try StrictJSON(answer.body).root["id"]?.string)
    }

    /// Sends the beginning of a file without the rest.
    func sendPart(_ part: [UInt8], of length: Int) async throws -> Connection {
        let connection = try Connection(port: adminPort)
        let bytes = head(length: length) + part
        try await blocking { try connection.send(bytes) }
        return connection
    }

    func undo(_ id: String) async throws {
        _ = try await desk.admin("POST", "/admin/v1/imports/\(id)/undo", "{}")
    }

    // MARK: Reading

    func report(_ id: String) async throws -> ImportFate {
        ImportFate(json: try await desk.admin("GET", "/admin/v1/imports/\(id)"))
    }

    /// Returns the import after its end.
    func ended(_ id: String) async throws -> ImportFate {
        try await eventually("the end of import \(id)") {
            let fate = try await report(id)
            return fate.state == "running" ? nil : fate
        }
    }

    /// The kinds of the events of imports, oldest first.
    func events() async throws -> [String] {
        let page = try await desk.admin("GET", "/admin/v1/events?limit=1000")
        return (page["items"]?.elements ?? []).compactMap { $0["type"]?.string }
            .filter { $0.hasPrefix("import.") }
    }
}

/// The service's report about an import.
struct ImportFate {
    let json: JSONValue

    var state: String { json["state"]?.string ?? "" }
    var phase: String { json["phase"]?.string ?? "" }
    var rows: Int64 { json["rows"]?.integer ?? 0 }
    var created: Int64 { json["applied"]?["created"]?.integer ?? 0 }
    var changed: Int64 { json["applied"]?["changed"]?.integer ?? 0 }
    var overtaken: Int64 { json["applied"]?["overtaken"]?.integer ?? 0 }
    var skipped: Int64 { json["diff"]?["skipped"]?.integer ?? 0 }
    var cancelled: Int64 { json["undone"]?["cancelled"]?.integer ?? 0 }
    var restored: Int64 { json["undone"]?["restored"]?.integer ?? 0 }
    var kept: Int64 { json["undone"]?["kept"]?.integer ?? 0 }
    var failure: String { json["failure"]?.string ?? "" }
    var notes: [JSONValue] { json["notes"]?["items"]?.elements ?? [] }
}

extension Site {
    /// The files in the folder for the rows of imports.
    var stagingFiles: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: database + ".imports")
        return (names ?? []).sorted()
    }

    /// Counts in the stopped service's database.
    func importCounts() async throws -> [String: Int] {
        let text = try await python(
            """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            def one(name, sql):
                print(name, database.execute(sql).fetchone()[0] or 0)
            one("bills", "SELECT count(*) FROM bill")
            one("invoices", "SELECT count(DISTINCT invoice_number) FROM bill")
            one("open", "SELECT count(*) FROM bill WHERE state = 'open'")
            one("cancelled", "SELECT count(*) FROM bill WHERE state = 'cancelled'")
            one("batched", "SELECT sum(last_bill_id - first_bill_id + 1) FROM import_batch")
            one("widest", "SELECT max(last_bill_id - first_bill_id + 1) FROM import_batch")
            one("gaps", '''SELECT count(*) FROM (SELECT first_bill_id AS first,
                lag(last_bill_id) OVER (PARTITION BY import_id ORDER BY id) AS before
                FROM import_batch) WHERE first <= before''')
            one("outside", '''SELECT count(*) FROM bill WHERE NOT EXISTS (SELECT 1
                FROM import_batch WHERE bill.id BETWEEN first_bill_id AND last_bill_id)''')
            one("applied", "SELECT count(*) FROM event WHERE type = 'import.applied'")
            one("undone", "SELECT count(*) FROM event WHERE type = 'import.undone'")
            """)
        let pairs = text.split(separator: "\n").compactMap { line -> (String, Int)? in
            let words = line.split(separator: " ")
            return words.count == 2 ? Int(words[1]).map { (String(words[0]), $0) } : nil
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
