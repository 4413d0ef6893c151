// The mark: the counts of committed rows, recently read from the database, in a small text file
// next to it (`loket.db.mark`). SQLite ends a write-ahead log at the first damaged frame, and
// removes a log that does not belong to the database, without an error. Only the mark lets a start
// detect missing commits.

import Foundation
import GRDB
import LoketCore
import LoketSystem

struct DatabaseMark: Sendable, Equatable {
    /// The counts in addition to the ledger. No count decreases while the database is intact.
    enum Count: String, CaseIterable, Sendable {
        case event, bill
        case billChange = "bill_change"
        case pauseChange = "pause_change"
        case keyChange = "key_change"

        fileprivate var sql: String {
            switch self {
            // Keys are created and revoked, never deleted.
            case .keyChange: "SELECT count(*) + count(revoked_at) FROM admin_key"
            default: "SELECT max(id) FROM \(rawValue)"
            }
        }

        fileprivate var noun: String { rawValue.replacing("_", with: " ") }
    }

    let epoch: String
    /// The ledger's last row number and its hash.
    let ledger: Int64
    let ledgerHash: String
    let counts: [Count: Int64]
    /// The salts of the write-ahead log; nil if it was empty and all data was in the database file.
    let salts: String?

    /// - Parameters:
    ///   - database: a reader, which sees data that is committed and on disk.
    ///   - salts: the current salts of the write-ahead log.
    init(of database: Database, salts: String?) throws {
        epoch =
            try database.text("SELECT name FROM epoch ORDER BY id DESC LIMIT 1")
            ?? ""
        let head = try Ledger.head(in: database)
        (ledger, ledgerHash) = (head.number, hexadecimal(head.hash))
        counts = try Count.allCases.reduce(into: [:]) { counts, count in
            counts[count] =
                try database.integer(count.sql) ?? 0
        }
        self.salts = salts
    }

    // MARK: Comparing

    /// Returns a description of the data on the mark that the database lacks; nil if it lacks
    /// nothing.
    ///
    /// - Parameter salts: the salts of the write-ahead log found next to the database.
    func missing(in database: Database, salts found: String?) throws -> String? {
        let now = try DatabaseMark(of: database, salts: nil)
        var missing: [String] = []
        if epoch == now.epoch {
            if ledger > now.ledger {
                missing.append(Self.range("notification", after: now.ledger, to: ledger))
            } else if ledger > 0, try Ledger.hash(of: ledger, in: database) != ledgerHash {
                missing.append("notification \(ledger) in its original form")
            }
            for count in Count.allCases {
                let (before, after) = (counts[count] ?? 0, now.counts[count] ?? 0)
                guard before > after else { continue }
                missing.append(Self.range(count.noun, after: after, to: before))
            }
        } else if try !Self.isPast(epoch, in: database) {
            missing.append("the history with the identifier \(epoch)")
        }
        return missing.isEmpty ? nil : missing.joined(separator: ", ") + ": " + cause(found)
    }

    private static func range(_ noun: String, after: Int64, to last: Int64) -> String {
        last == after + 1 ? "\(noun) \(last)" : "\(noun)s \(after + 1) to \(last)"
    }

    /// Whether a restore has begun a newer epoch since. That epoch may lack counted rows.
    private static func isPast(_ epoch: String, in database: Database) throws -> Bool {
        try database.isTrue("SELECT EXISTS (SELECT 1 FROM epoch WHERE name = ?1)", [epoch])
    }

    /// The probable cause: SQLite changes a log's salts at each restart of the log.
    private func cause(_ found: String?) -> String {
        switch (salts, found) {
        case (nil, _): "an older copy has replaced the database"
        case (_, nil): "its write-ahead log is missing"
        case (let mine, let other) where mine == other: "its write-ahead log is damaged"
        default: "its write-ahead log was replaced by another log"
        }
    }

    // MARK: The file

    enum Found: Sendable {
        case none, unreadable
        case mark(DatabaseMark)
    }

    static func path(besideDatabase path: String) -> String { path + ".mark" }

    static func read(besideDatabase path: String) -> Found {
        let path = Self.path(besideDatabase: path)
        guard PlacedFile.isTaken(path) else { return .none }
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text.flatMap { DatabaseMark($0) }.map(Found.mark) ?? .unreadable
    }

    func write(besideDatabase path: String) throws {
        try PlacedFile.replace(
            Self.path(besideDatabase: path), with: text, besideDatabase: path)
    }

    private static let digestName = "sha256"

    /// The content of the file: one name and one value per line; the last line has the digest of
    /// the lines before it.
    private var text: String {
        var lines = [
            ("epoch", epoch), ("ledger", "\(ledger)"), ("ledger_hash", ledgerHash),
        ]
        lines += Count.allCases.map { ($0.rawValue, "\(counts[$0] ?? 0)") }
        if let salts { lines.append(("wal_salts", salts)) }
        let body = lines.map { "\($0) \($1)\n" }.joined()
        return body + "\(Self.digestName) \(Self.digest(of: body))\n"
    }

    private static func digest(of body: String) -> String {
        hexadecimal(SHA256Digest(of: Array(body.utf8)).bytes)
    }

    /// Returns nil if the file was altered.
    private init?(_ text: String) {
        guard let last = text.range(of: Self.digestName + " ", options: .backwards) else {
            return nil
        }
        let body = String(text[..<last.lowerBound])
        guard text[last.upperBound...] == Self.digest(of: body) + "\n" else { return nil }
        let pairs = body.split(separator: "\n").map { $0.split(separator: " ") }
        let values = Dictionary(
            pairs.compactMap { pair in pair.count == 2 ? (pair[0], String(pair[1])) : nil },
            uniquingKeysWith: { first, _ in first })
        func value(_ name: String) -> String? { values[Substring(name)] }
        func number(_ name: String) -> Int64? { value(name).flatMap { Int64($0) } }
        guard let epoch = value("epoch"), let ledger = number("ledger"),
            let ledgerHash = value("ledger_hash")
        else { return nil }
        self.epoch = epoch
        self.ledger = ledger
        self.ledgerHash = ledgerHash
        counts = Count.allCases.reduce(into: [:]) { $0[$1] = number($1.rawValue) }
        salts = value("wal_salts")
    }
}
