// One process writes a database. The lock is the kernel's and dies with its process, however that
// ends, so a stale file never has to be deleted.

import Foundation
import LoketSystem
import Synchronization

package final class LockFile: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock beside a database.
    ///
    /// - Throws: `StoreFault.lockedByAnother`, without waiting, if a process has it.
    package init(besideDatabase path: String) throws(StoreFault) {
        let lockPath = Self.path(besideDatabase: path)
        // A link would have another file emptied.
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
        // Else the service could not take the lock after a command that root ran.
        _ = PlacedFile.giveToOwner(of: path, opened)
        descriptor = Mutex(opened)
        let mark = Array("process \(getpid())\n".utf8)
        ftruncate(opened, 0)
        _ = pwrite(opened, mark, mark.count, 0)
    }

    deinit {
        release()
    }

    /// That the lock could be opened; nothing is made where there is none.
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
