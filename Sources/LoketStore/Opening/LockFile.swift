// The lock that lets only one process write a database. The kernel holds the lock and releases it
// when the process ends for any reason, so a stale file never has to be deleted.

import Foundation
import LoketSystem
import Synchronization

package final class LockFile: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Acquires the lock of a database without waiting.
    ///
    /// - Throws: `StoreFault.lockedByAnother` if another process holds the lock.
    package init(besideDatabase path: String) throws(StoreFault) {
        let lockPath = Self.path(besideDatabase: path)
        // Following a link would empty another file.
        let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else {
            if errno == ELOOP { throw .linkedLock(lockPath) }
            throw StoreFault(system: errno, at: lockPath)
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(opened)
            close(opened)
            throw .lockedByAnother(path: path, process: holder)
        }
        // Otherwise the service could not open a lock file created by a command run as root.
        _ = PlacedFile.giveToOwner(of: path, opened)
        descriptor = Mutex(opened)
        let mark = Array("process \(getpid())\n".utf8)
        ftruncate(opened, 0)
        _ = pwrite(opened, mark, mark.count, 0)
    }

    deinit {
        release()
    }

    /// Checks that the lock file could be opened, without creating the file.
    static func check(besideDatabase path: String) throws(StoreFault) {
        let lockPath = Self.path(besideDatabase: path)
        var status = stat()
        if lstat(lockPath, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
            throw .linkedLock(lockPath)
        }
        try Store.checkFile(lockPath)
    }

    package func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    package static func path(besideDatabase path: String) -> String { path + ".lock" }

    private static func holder(_ descriptor: Int32) -> String {
        var space = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &space, space.count, 0)
        let text = String(decoding: space.prefix(max(0, count)), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? "process unknown" : text
    }
}
