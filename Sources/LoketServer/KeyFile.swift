// The file that an admin key is handed over in. It is whole or not there, and nobody but the
// database's owner can read it, not even for a moment.

import Foundation
import LoketStore

enum KeyFile {
    /// Replaces what was there.
    ///
    /// - Parameter databasePath: who owns the database owns the key, whoever runs the command.
    static func write(_ text: String, to path: String, besideDatabase databasePath: String) throws {
        let part = path + ".part"
        do {
            try writePart(text, to: part, besideDatabase: databasePath)
            guard rename(part, path) == 0 else { throw fault("write", path) }
        } catch {
            unlink(part)
            throw error
        }
        syncFolder(of: path)
    }

    private static func writePart(
        _ text: String, to part: String, besideDatabase databasePath: String
    ) throws {
        // One that a crash left behind.
        unlink(part)
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault("create", part) }
        defer { close(descriptor) }
        var owner = stat()
        if geteuid() == 0, stat(databasePath, &owner) == 0 {
            guard fchown(descriptor, owner.st_uid, owner.st_gid) == 0 else {
                throw fault("give away", part)
            }
        }
        let bytes = Array(text.utf8)
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw fault("write", part) }
    }

    /// The name is on disk too, before anything rests on it, where the file system can do that.
    private static func syncFolder(of path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func fault(_ what: String, _ path: String) -> StoreFault {
        .sqlite("cannot \(what) \(path): \(String(cString: strerror(errno)))")
    }
}
