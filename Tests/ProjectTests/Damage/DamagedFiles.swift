// The files of a killed service, copied outside the site: one bit is flipped at a time, and the
// files are restored afterwards.

import DokuSimulator
import Foundation
import TestSupport

struct DamagedFiles {
    private let site: Site
    private let files: [String: Data]

    /// The database and its WAL, chosen equally often.
    private static let flipped = ["loket.db", "loket.db-wal"]

    /// - Parameter site: A site whose service has ended.
    init(_ site: Site) throws {
        self.site = site
        var files: [String: Data] = [:]
        for name in try site.listing() where name.hasPrefix("loket.db") {
            files[name] = try Data(contentsOf: URL(fileURLWithPath: site.path(name)))
        }
        self.files = files
        for name in Self.flipped {
            guard files[name]?.isEmpty == false else {
                throw Project.Missing(description: "\(name) is missing or empty")
            }
        }
    }

    /// - Returns: The place of the bit, for a reproduction.
    func flip(by random: inout SeededRandom) throws -> String {
        let name = Self.flipped[Int.random(in: 0..<Self.flipped.count, using: &random)]
        guard var bytes = files[name] else { return name }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let bit = UInt8.random(in: 0..<8, using: &random)
        bytes[place] ^= 1 << bit
        try bytes.write(to: URL(fileURLWithPath: site.path(name)))
        return "\(name) byte \(place) bit \(bit)"
    }

    /// Restores the files, and removes those that a start created.
    func restore() throws {
        for name in try site.listing() where name.hasPrefix("loket.db") {
            try FileManager.default.removeItem(atPath: site.path(name))
        }
        for (name, bytes) in files {
            try bytes.write(to: URL(fileURLWithPath: site.path(name)))
        }
    }

    /// The data that SQLite reads from a copy of the files, because reading changes a WAL.
    func contents(on site: Site) async throws -> FileContents {
        let text = try await site.python(
            """
            import hashlib, json, os, shutil, sqlite3, sys, tempfile
            path, found = sys.argv[1], {}
            with tempfile.TemporaryDirectory() as folder:
                copy = os.path.join(folder, "copy.db")
                for suffix in ["", "-wal"]:
                    if os.path.exists(path + suffix):
                        shutil.copy(path + suffix, copy + suffix)
                database = sqlite3.connect(copy)
                database.text_factory = bytes
                def note(name, sql):
                    try:
                        rows = database.execute(sql)
                        titles = [column[0] for column in rows.description]
                        columns = {title: hashlib.sha256() for title in titles}
                        for row in rows:
                            for title, value in zip(titles, row):
                                columns[title].update((repr(value) + "\\n").encode())
                        for title in titles:
                            found[f"{name}.{title}"] = columns[title].hexdigest()
                    # A message of SQLite's may hold bytes that are no text.
                    except (sqlite3.Error, UnicodeDecodeError):
                        found[name] = "unreadable"
                for name in sys.argv[2].split():
                    note(name, f"SELECT * FROM {name} NOT INDEXED ORDER BY rowid")
                note("indexes", "PRAGMA integrity_check")
            print(json.dumps(found))
            """, FileContents.tables.joined(separator: " "))
        return FileContents(try JSONDecoder().decode([String: String].self, from: Data(text.utf8)))
    }
}

/// Hashes of each table's columns, and SQLite's report about the indexes.
struct FileContents {
    static let promised = [
        "bill", "bill_change", "bill_terms", "payment", "delivery", "notification", "indexes",
    ]
    static let tables =
        promised.dropLast() + [
            "account", "admin_key", "attention", "backup", "epoch", "event", "import", "inquiry",
            "pause", "pause_change", "payment_decision", "quarantine", "reread", "restoration",
            "webhook", "webhook_skipped",
        ]

    private let hashes: [String: String]

    init(_ hashes: [String: String]) {
        self.hashes = hashes
    }

    /// Names such as `bill.amount`, or a table's name if the table cannot be read.
    func differences(from other: FileContents) -> [String] {
        hashes.keys.filter { hashes[$0] != other.hashes[$0] }.sorted()
    }

    static func promises(_ name: String) -> Bool {
        promised.contains { name.split(separator: ".").first == $0[...] }
    }
}
