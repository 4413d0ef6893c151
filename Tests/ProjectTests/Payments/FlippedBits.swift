// Damage like that of a failing disk: one bit of a row in the file of a stopped service.

import Foundation

extension Site {
    /// Flips a bit of an amount. The row's triggers are removed and restored.
    func flipAmount(in table: String, id: String) async throws {
        _ = try await python(
            """
            import sqlite3, sys
            path, table, row = sys.argv[1:]
            database = sqlite3.connect(path, isolation_level=None)
            database.execute("PRAGMA ignore_check_constraints = ON")
            triggers = database.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
                (table,)).fetchall()
            for name, _ in triggers:
                database.execute(f"DROP TRIGGER {name}")
            changed = database.execute(
                f"UPDATE {table} SET amount = (amount | 32768) - (amount & 32768) WHERE id = ?",
                (row,)).rowcount
            for _, sql in triggers:
                database.execute(sql)
            database.close()
            if changed != 1:
                sys.exit(f"{changed} rows of {table} are {row}")
            """, table, id)
    }

    /// Flips a bit of a text in the file.
    ///
    /// - Parameter text: A text that is only in the data to be damaged.
    func flipText(_ text: String) throws {
        let url = URL(fileURLWithPath: database)
        var bytes = try Data(contentsOf: url)
        let wanted = Data(text.utf8)
        var places = 0
        var rest = bytes.startIndex..<bytes.endIndex
        while let place = bytes.range(of: wanted, in: rest) {
            bytes[place.lowerBound] ^= 1
            places += 1
            rest = place.upperBound..<bytes.endIndex
        }
        guard places > 0 else {
            throw Project.Missing(description: "\(text) is nowhere in the database")
        }
        try bytes.write(to: url)
    }
}
