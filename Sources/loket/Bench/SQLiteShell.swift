// The measure of `bench import`: the sqlite3 shell importing the same file into the same tables,
// with the same indexes, constraints and durability, in one transaction.

import Foundation

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

    /// Seconds that the import took.
    static func seconds(toImport file: String) async throws -> Double {
        let site = try DemoSite(purpose: "bench")
        defer { site.remove() }
        // Makes the tables.
        try site.seed([])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-bail", site.databasePath]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        let began = ContinuousClock.now
        try process.run()
        let text = script.replacing("FILE", with: "'\(file)'")
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let took = (ContinuousClock.now - began).inSeconds
        guard process.terminationStatus == 0 else {
            throw Failure(
                .no, "sqlite3 did not import the file: \(String(decoding: said, as: UTF8.self))")
        }
        return took
    }
}
