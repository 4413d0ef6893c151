// Another process that uses the service's database: to hold its write lock, or to damage a row as a
// failing disk would. It runs Python, so that the test's own process opens the file only once.

import Foundation
import TestSupport

/// Holds the database's write lock until `letGo()`.
final class ForeignHand {
    private let process = Process()
    /// The child process releases the lock when this pipe is closed.
    private let input = Pipe()

    struct Failed: Error {}

    private static let holding = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
        database.execute("BEGIN " + sys.argv[2])
        print("held", flush=True)
        sys.stdin.read()
        database.execute("ROLLBACK")
        """

    /// Returns when the lock is held.
    ///
    /// - Parameter exclusively: without a WAL, no other process can read the file meanwhile.
    init(holding database: String, exclusively: Bool = false) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let kind = exclusively ? "EXCLUSIVE" : "IMMEDIATE"
        process.arguments = ["python3", "-c", Self.holding, database, kind]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard line.hasPrefix("held") else { throw Failed() }
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func letGo() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let running = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
        database.execute(sys.argv[2])
        database.close()
        """

    /// Runs one statement.
    static func run(_ database: String, _ statement: String) throws {
        try Program.run("python3", "-c", running, database, statement)
    }

    private static let damaging = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
        database.execute("PRAGMA ignore_check_constraints = ON")
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        changed = database.execute(sys.argv[2]).rowcount
        for _, sql in triggers:
            database.execute(sql)
        database.close()
        sys.exit(0 if changed == 1 else 1)
        """

    /// Runs an UPDATE of one row, with triggers and constraints disabled.
    static func damage(_ database: String, _ update: String) throws {
        try Program.run("python3", "-c", damaging, database, update)
    }
}
