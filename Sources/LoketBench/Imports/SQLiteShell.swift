// The comparison for `loket-bench import`: the sqlite3 shell imports the same file into the same
// tables, with the same indexes, constraints and durability, in one transaction.

import DokuSimulator
import LoketCore

enum SQLiteShell {
    private static let script = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        INSERT OR IGNORE INTO account (client_id) VALUES ('\(DemoSite.clientID)');
        CREATE TEMP TABLE file (
            payment_code TEXT, invoice_number TEXT, amount TEXT, reusable TEXT, expires_at TEXT,
            customer_name TEXT, customer_email TEXT, info TEXT
        );
        .import --csv --skip 1 FILE file
        INSERT INTO bill (
            account_id, payment_code, invoice_number, amount, reusable, expires_at, state,
            customer_name, customer_email, info, created_at, changed_at, checksum, created_by,
            import_id
        )
        SELECT 1, payment_code, invoice_number, CAST(amount AS INTEGER), reusable = 'true',
            unixepoch(expires_at) * 1000, 'open', customer_name, customer_email, info, 0, 0, 0,
            'first', 1
        FROM file;
        SELECT count(*) FROM bill;

        """

    /// Returns the duration in seconds.
    static func seconds(toImport file: String) async throws -> Double {
        let site = try DemoSite()
        defer { site.remove() }
        // Creates the tables.
        try site.seed([])
        let began = ContinuousClock.now
        try await run(
            ["sqlite3", "-bail", site.databasePath],
            input: script.replacing("FILE", with: "'\(file)'"))
        return (ContinuousClock.now - began).inSeconds
    }
}
