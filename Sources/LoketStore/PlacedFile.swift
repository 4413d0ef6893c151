// A file that appears under its name whole or not at all, and never in the place of another: it is
// made under a name beside it, and moved once its bytes are on the disk.

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

    /// A new file that nobody but its owner can read, not even for a moment.
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
    static func sync(_ path: String) throws(Fault) {
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
            // Not every file system has links; that two come at once is up to the caller there.
            guard errno != EEXIST, !isTaken(path) else { throw .occupied(path) }
            guard rename(made, path) == 0 else { throw failure("create", path) }
        }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func failure(_ verb: String, _ path: String) -> Fault {
        .failed("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
