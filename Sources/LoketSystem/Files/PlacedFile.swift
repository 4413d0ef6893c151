// A file that appears under its name whole or not at all: it is made under a name beside it, and
// moved once its bytes are on the disk. Only `replace` puts it in the place of another.

import Foundation

package enum PlacedFile {
    package enum Fault: Error, Sendable, CustomStringConvertible {
        /// Something has the name.
        case occupied(String)
        case failed(String)

        package var description: String {
            switch self {
            case .occupied(let path): "\(path) exists, and nothing is ever overwritten"
            case .failed(let reason): reason
            }
        }
    }

    /// Whether anything has this name, a broken link too.
    package static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// A new file that only its owner can read, from its first moment.
    ///
    /// - Returns: its descriptor, open for reading and writing.
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

    /// Waits until its bytes are on the disk.
    package static func sync(_ descriptor: Int32, of path: String) throws(Fault) {
        guard fsync(descriptor) == 0 else { throw failure("write", path) }
    }

    /// The same of a file that is not open.
    package static func sync(_ path: String) throws(Fault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        try sync(descriptor, of: path)
    }

    /// Moves what is on the disk to its name, which is free. Both are in one folder.
    package static func move(_ made: String, to path: String) throws(Fault) {
        if link(made, path) == 0 {
            unlink(made)
        } else {
            // Not every file system has links; there the caller must prevent two concurrent writers.
            guard errno != EEXIST, !isTaken(path) else { throw .occupied(path) }
            guard rename(made, path) == 0 else { throw failure("create", path) }
        }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Writes a small file in the place of the one that has the name, readable by its owner alone.
    ///
    /// - Parameter database: its owner becomes the owner of the file.
    package static func replace(
        _ path: String, with text: String, besideDatabase database: String
    ) throws {
        let part = path + ".part"
        // One that a crash has left.
        unlink(part)
        let descriptor = try create(part)
        defer { close(descriptor) }
        do {
            guard giveToOwner(of: database, descriptor) else { throw failure("give away", part) }
            try Array(text.utf8).withUnsafeBytes { try write($0, to: descriptor, of: part) }
            try sync(descriptor, of: part)
            guard rename(part, path) == 0 else { throw failure("write", path) }
        } catch {
            unlink(part)
            throw error
        }
        // Before anything rests on the name, where the file system can do that.
        try? sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Gives an open file, if root runs this, to the owner of a database that is there.
    ///
    /// - Returns: false where that is refused.
    package static func giveToOwner(of database: String, _ descriptor: Int32) -> Bool {
        var owner = stat()
        guard geteuid() == 0, stat(database, &owner) == 0 else { return true }
        return fchown(descriptor, owner.st_uid, owner.st_gid) == 0
    }

    private static func failure(_ verb: String, _ path: String) -> Fault {
        .failed("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
