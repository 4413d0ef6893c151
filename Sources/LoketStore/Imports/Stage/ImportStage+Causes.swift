// The refused rows of an import by cause: five hundred dates in one wrong form are one fault of the
// file. Two reasons are one cause if they differ only in words that contain a digit, such as dates,
// line numbers and invoice numbers.

import GRDB
import LoketCore

/// The refused rows with one cause.
package struct ImportCause: Sendable, Equatable {
    package let column: String?
    /// The reason of the first row.
    package let reason: String
    /// The number of refused values.
    package let count: Int64
    /// The first lines, at most `Limits.importCauseLines`.
    package let lines: [Int64]
}

extension ImportStage {
    static func causeSchema(in file: String) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(file).cause (
            id INTEGER PRIMARY KEY,
            column_name TEXT,
            reason TEXT NOT NULL,
            count INTEGER NOT NULL,
            lines TEXT NOT NULL
        ) STRICT;
        """
    }

    /// Groups the refused rows. Call when all rows were compared.
    func groupCauses() throws {
        try queue.write { database in
            var causes = Causes()
            let refused = try Row.fetchCursor(
                database,
                sql: """
                    SELECT line, column_name, reason FROM note
                    WHERE outcome = '\(ImportNote.Outcome.refused.rawValue)' ORDER BY id
                    """)
            while let row = try refused.next() {
                let row = TableRow(row, of: "note")
                causes.add(
                    line: try row.value("line"), column: try row.value("column_name"),
                    reason: try row.value("reason"))
            }
            for cause in causes.found {
                try database.run(
                    """
                    INSERT INTO cause (column_name, reason, count, lines)
                    VALUES (?1, ?2, ?3, ?4)
                    """,
                    [
                        cause.column, cause.reason, cause.count,
                        cause.lines.map(String.init).joined(separator: " "),
                    ])
            }
        }
    }

    /// Returns the causes, the most frequent first and the others as the last; empty for an import before loket grouped them.
    func causes() throws -> [ImportCause] {
        try queue.read { database in
            guard try database.tableExists("cause") else { return [] }
            return try database.rows("SELECT * FROM cause ORDER BY id").map { row in
                let row = TableRow(row, of: "cause")
                let lines: String = try row.value("lines")
                return ImportCause(
                    column: try row.value("column_name"), reason: try row.value("reason"),
                    count: try row.value("count"),
                    lines: lines.split(separator: " ").compactMap { Int64($0) })
            }
        }
    }
}

private struct Causes {
    private struct Key: Hashable {
        let column: String?
        let reason: String
    }

    private struct Group {
        let column: String?
        let reason: String
        var count: Int64 = 0
        var lines: [Int64] = []

        mutating func add(_ line: Int64?) {
            count += 1
            if let line, lines.count < Limits.importCauseLines { lines.append(line) }
        }

        mutating func add(_ other: Group) {
            count += other.count
            lines = Array((lines + other.lines).sorted().prefix(Limits.importCauseLines))
        }
    }

    private var places: [Key: Int] = [:]
    private var groups: [Group] = []

    /// What is not in a group.
    private var rest = Group(column: nil, reason: "other causes")

    /// The `Limits.importCausesMax` most frequent, equally frequent ones in the order of the file;
    /// and one for the others.
    var found: [ImportCause] {
        let sorted = groups.enumerated().sorted { one, other in
            (other.element.count, one.offset) < (one.element.count, other.offset)
        }.map(\.element)
        var rest = rest
        for group in sorted.dropFirst(Limits.importCausesMax) { rest.add(group) }
        let kept = sorted.prefix(Limits.importCausesMax) + (rest.count > 0 ? [rest] : [])
        return kept.map {
            ImportCause(column: $0.column, reason: $0.reason, count: $0.count, lines: $0.lines)
        }
    }

    mutating func add(line: Int64?, column: String?, reason: String) {
        let key = Key(column: column, reason: Self.alike(reason))
        let place: Int
        if let known = places[key] {
            place = known
        } else {
            guard groups.count < Limits.importCausesCounted else { return rest.add(line) }
            place = groups.count
            places[key] = place
            groups.append(Group(column: column, reason: reason))
        }
        groups[place].add(line)
    }

    /// Returns the reason with `#` for each word that contains a digit.
    private static func alike(_ reason: String) -> String {
        var text: [UInt8] = []
        var word: [UInt8] = []
        var hasDigit = false
        func isInWord(_ byte: UInt8) -> Bool {
            isASCIIDigit(byte) || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
                || "-/._".utf8.contains(byte) || byte >= 0x80
        }
        for byte in Array(reason.utf8) + [0x20] {
            if isInWord(byte) {
                word.append(byte)
                if isASCIIDigit(byte) { hasDigit = true }
                continue
            }
            text.append(contentsOf: hasDigit ? [UInt8(ascii: "#")] : word)
            text.append(byte)
            word.removeAll()
            hasDigit = false
        }
        return String(decoding: text, as: UTF8.self)
    }
}
