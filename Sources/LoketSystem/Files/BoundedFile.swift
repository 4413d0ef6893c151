// Reading of small files up to a size limit, with the reason for a failure, and resolution of
// relative paths. Used for the settings file and the secret files; independent of their
// contents.

import Foundation

package enum BoundedFile {
    /// The reason why a file could not be read.
    package enum Fault: Error, Equatable {
        case missing
        case folder
        /// The path is a pipe, a socket or a device: a read could block forever.
        case special
        case unreadable(reason: String)
        case tooLarge
    }

    /// Returns the bytes of a regular file of at most `bytesMax` bytes.
    ///
    /// - Parameters:
    ///   - takesPipe: whether to read a pipe to its end too, which may block.
    ///   - refusing: returns the reason to reject a file of this owner and mode, or nil.
    /// - Throws: `Fault` if the file is rejected, too large or unreadable.
    package static func read(
        _ path: String, bytesMax: Int, takesPipe: Bool = false,
        refusing: (stat) -> String? = { _ in nil }
    ) throws(Fault) -> [UInt8] {
        let waiting = takesPipe ? 0 : O_NONBLOCK
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting)
        guard descriptor >= 0 else { throw fault(errno) }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFIFO where takesPipe: break
        case S_IFDIR: throw .folder
        default: throw .special
        }
        if let reason = refusing(status) { throw .unreadable(reason: reason) }

        // One byte more than the limit, to detect a larger file.
        var content = [UInt8](repeating: 0, count: bytesMax + 1)
        var filled = 0
        while filled < content.count {
            let count = content.withUnsafeMutableBytes { room in
                let rest = UnsafeMutableRawBufferPointer(rebasing: room[filled...])
                return Foundation.read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault(errno) }
            if count == 0 { break }
            filled += count
        }
        guard filled <= bytesMax else { throw .tooLarge }
        return Array(content[..<filled])
    }

    private static func fault(_ code: CInt) -> Fault {
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EISDIR: .folder
        case ENXIO: .special
        default: .unreadable(reason: String(cString: strerror(code)).lowercased())
        }
    }

    /// Returns the absolute path of a file's folder; the system resolves `..`.
    package static func folder(of path: String) -> String {
        let whole = absolute(path, in: FileManager.default.currentDirectoryPath)
        guard let slash = whole.lastIndex(of: "/"), slash > whole.startIndex else { return "/" }
        return String(whole[..<slash])
    }

    /// Returns an absolute path unchanged, and a relative path appended to `folder`.
    package static func absolute(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }
}
