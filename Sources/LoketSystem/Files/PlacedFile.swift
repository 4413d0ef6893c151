// Files that appear under their names completely or not at all: a file is written under a temporary
// name and moved after its bytes are on the disk. Only `replace` overwrites an existing file.

import Foundation

package enum PlacedFile {
    package enum Fault: Error, Sendable, CustomStringConvertible {
        /// The name is in use.
        case occupied(String)
        case failed(String)

        package var description: String {
            switch self {
            case .occupied(let path): "\(path) exists and is never overwritten; name another file"
            case .failed(let reason): reason
            }
        }
    }

    /// Returns whether the name is in use, even by a broken link.
    package static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Creates a file that only its owner can read, from its creation on.
    ///
    /// - Returns: the descriptor, open for reading and writing.
    /// - Throws: `Fault.occupied` if the name is in use.
    package static func create(_ path: String) throws(Fault) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        if errno == EEXIST { throw .occupied(path) }
        throw failure("create", path)
    }

    package static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, of path: String
    ) throws(Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(
                descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until the file's bytes are on the disk.
    package static func sync(_ descriptor: Int32, of path: String) throws(Fault) {
        guard fsync(descriptor) == 0 else { throw failure("write", path) }
    }

    /// Waits until the bytes of a file that is not open are on the disk.
    package static func sync(_ path: String) throws(Fault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        try sync(descriptor, of: path)
    }

    /// Moves a synced file to a name that is not in use, in the same folder.
    package static func move(_ made: String, to path: String) throws(Fault) {
        if link(made, path) == 0 {
            unlink(made)
        } else {
            // Some file systems lack links; there the caller must prevent two concurrent writers.
            guard errno != EEXIST, !isTaken(path) else { throw .occupied(path) }
            guard rename(made, path) == 0 else { throw failure("create", path) }
        }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Writes a small file over any existing file of the name, readable only by its owner.
    ///
    /// - Parameter database: the path of the database whose owner becomes the file's owner.
    package static func replace(
        _ path: String, with text: String, besideDatabase database: String
    ) throws {
        let part = path + ".part"
        // Remove the part of an earlier attempt that crashed.
        unlink(part)
        let descriptor = try create(part)
        defer { close(descriptor) }
        do {
            guard giveToOwner(of: database, descriptor) else {
                throw failure("change the owner of", part)
            }
            try Array(text.utf8).withUnsafeBytes { try write($0, to: descriptor, of: part) }
            try sync(descriptor, of: part)
            guard rename(part, path) == 0 else { throw failure("write", path) }
        } catch {
            unlink(part)
            throw error
        }
        // Sync the folder, where the file system supports it, before the caller relies on the name.
        try? sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Changes an open file's owner, if run by root, to the owner of an existing database.
    ///
    /// - Returns: false if the change failed.
    package static func giveToOwner(of database: String, _ descriptor: Int32) -> Bool {
        var owner = stat()
        guard geteuid() == 0, stat(database, &owner) == 0 else { return true }
        return fchown(descriptor, owner.st_uid, owner.st_gid) == 0
    }

    private static func failure(_ verb: String, _ path: String) -> Fault {
        .failed("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
