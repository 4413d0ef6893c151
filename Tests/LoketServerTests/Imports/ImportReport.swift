// The report of an import, and the bills afterwards, as text, so that a test compares them
// completely and literally.

import Foundation
import LoketJSON
import TestSupport
import Testing

struct ImportReport {
    let json: JSONValue

    var id: String { json["id"]?.string ?? "" }
    var state: String { json["state"]?.string ?? "" }

    /// State and counts in one line, then one line for each note.
    var text: String {
        ([summary] + notes).joined(separator: "\n")
    }

    /// `applied: 2 rows, 1 new, 1 unchanged`; counts of zero are left out.
    var summary: String {
        var parts = ["\(count(json["rows"])) rows"]
        for name in ["new", "changed", "unchanged", "skipped", "refused"] {
            parts += said(member(json["diff"], name), name)
        }
        for name in ["created", "changed", "overtaken", "held"] {
            parts += said(member(json["applied"], name), "applied \(name)")
        }
        for name in ["cancelled", "restored", "kept"] {
            parts += said(member(json["undone"], name), "undone \(name)")
        }
        let failure = json["failure"]?.string.map { "; \($0)" } ?? ""
        return "\(state): " + parts.joined(separator: ", ") + failure
    }

    var notes: [String] { (json["notes"]?["items"]?.elements ?? []).map(Self.text) }

    /// `3 payment_code <889> refused INV-2: must be …`; null values are left out.
    static func text(_ note: JSONValue) -> String {
        let words = [
            note["line"]?.integer.map { "\($0)" }, note["column"]?.string,
            note["value"]?.string.map { "<\($0)>" }, note["outcome"]?.string,
            note["invoice_number"]?.string,
        ]
        return words.compactMap { $0 }.joined(separator: " ")
            + ": " + (note["reason"]?.string ?? "")
    }

    private func member(_ object: JSONValue?, _ name: String) -> Int64 {
        count(object?.members.first { $0.name == name }?.value)
    }

    private func count(_ value: JSONValue?) -> Int64 { value?.integer ?? 0 }

    private func said(_ count: Int64, _ name: String) -> [String] {
        count == 0 ? [] : ["\(count) \(name)"]
    }
}

extension RunningService {
    /// Sends a file and waits until the import is over.
    func importFile(
        _ body: [UInt8], _ query: String = "", type: String = "text/csv",
        by client: AdminClient? = nil
    ) async throws -> ImportReport {
        let client = client ?? admin
        let answer = try await client.send(
            "POST", "/admin/v1/imports" + query, body: body, type: type)
        try #require(answer.status == 202, "\(answer.text)")
        return try await ended(try #require(answer.string("id")), by: client)
    }

    func importText(
        _ text: String, _ query: String = "", type: String = "text/csv"
    ) async throws -> ImportReport {
        try await importFile(Array(text.utf8), query, type: type)
    }

    /// The report when no part of the import is still running.
    func ended(_ id: String, by client: AdminClient? = nil) async throws -> ImportReport {
        try await eventually {
            let report = try await report(id, by: client)
            return report.state == "running" ? nil : report
        }
    }

    func report(_ id: String, by client: AdminClient? = nil) async throws -> ImportReport {
        let answer = try await (client ?? admin).get("/admin/v1/imports/\(id)?limit=1000")
        try #require(answer.status == 200, "\(answer.text)")
        return ImportReport(json: try answer.json())
    }

    /// Starts the undo and waits for its end.
    func undo(_ id: String) async throws -> ImportReport {
        let answer = try await admin.post("/admin/v1/imports/\(id)/undo", "{}")
        try #require(answer.status == 202, "\(answer.text)")
        return try await ended(id)
    }

    /// Every bill on a line of its own, oldest first.
    func billLines() async throws -> [String] {
        try await items("/admin/v1/bills?limit=1000").reversed().map(Self.line)
    }

    /// `INV-1 889651… 150000 "Anton Budiman"`, and the bill's optional fields. In place of an
    /// amount by date, the list of them.
    private static func line(_ bill: JSONValue) -> String {
        let name = bill["customer"]?["name"]?.string ?? ""
        var words = [
            bill["invoice_number"]?.string, bill["payment_code"]?.string,
            amount(bill), "\"\(name)\"",
            bill["customer"]?["email"]?.string, bill["info"]?.string.map { "info=\($0)" },
            bill["valid_from"]?.string.map { "from=\($0)" },
            bill["expires_at"]?.string.map { "until=\($0)" },
            bill["due_at"]?.string.map { "due=\($0)" },
        ]
        if bill["reusable"]?.bool == true { words.append("reusable") }
        if let metadata = bill["metadata"], metadata.isObject {
            words.append(String(decoding: metadata.rawBytes, as: UTF8.self))
        }
        if let state = bill["state"]?.string, state != "open" { words.append(state) }
        words.append(bill["cancel_reason"]?.string)
        return words.compactMap { $0 }.joined(separator: " ")
    }

    private static func amount(_ bill: JSONValue) -> String? {
        guard let dated = bill["amounts"], !dated.isNull else {
            return bill["amount"]?.integer.map { "\($0)" }
        }
        return dated.elements.map { step in
            let end = step["until"]?.string.map { "\($0)=" } ?? ""
            return end + (step["amount"]?.integer.map { "\($0)" } ?? "")
        }.joined(separator: ";")
    }

    /// Files in the folder of waiting rows.
    var stagingFiles: [String] { folder.appendingPathComponent("loket.db.imports").files }
}
