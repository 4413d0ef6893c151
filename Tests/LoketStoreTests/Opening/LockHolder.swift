// Another process that holds a database's lock, like a second loket. It is a Python program and
// ends with the test.

import Foundation

final class LockHolder {
    private let process = Process()
    /// The child's standard input stays open, and the child ends when it is closed.
    private let input = Pipe()
    let processID: Int32

    struct NotHeld: Error {}

    private static let script = """
        import fcntl, os, sys
        lock = open(sys.argv[1], "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("process %d\\n" % os.getpid())
        lock.flush()
        print(os.getpid(), flush=True)
        sys.stdin.read()
        """

    /// Returns once the lock is held.
    init(lockPath: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, lockPath]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let id = Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw NotHeld()
        }
        processID = id
    }

    deinit {
        if process.isRunning { kill() }
    }

    /// Sends SIGKILL, so that the child cannot clean up.
    func kill() {
        _ = Foundation.kill(processID, SIGKILL)
        process.waitUntilExit()
    }
}
