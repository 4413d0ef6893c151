// A small file read whole, up to a bound, with the reason where it could not be; and where a
// relative path leads. For the settings file and the secret files; nothing here knows what
// stands in them.

import Foundation

package enum BoundedFile {
    /// Why a file could not be read.
    package enum Fault: Error, Equatable {
        case missing
        case folder
        /// A pipe, a socket or a device: reading it could wait for ever.
        case special
        case unreadable(reason: String)
        case tooLarge
    }

    /// The bytes of a regular file of at most `bytesMax` bytes.
    ///
    /// - Parameters:
    ///   - takesPipe: a pipe is read to its end too, which may be waited for.
    ///   - refusing: why a file of this owner and mode is not read; nil where it is.
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

        // One byte more than allowed, so that too large shows.
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

    /// The folder that a file is in, absolute; `..` is left to the system.
    package static func folder(of path: String) -> String {
        let whole = absolute(path, in: FileManager.default.currentDirectoryPath)
        guard let slash = whole.lastIndex(of: "/"), slash > whole.startIndex else { return "/" }
        return String(whole[..<slash])
    }

    /// A path as it is, or within `folder` where it is relative.
    package static func absolute(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }
}
