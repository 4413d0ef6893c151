// A small file system in memory, which a test can fill to the last byte.

import Foundation

package final class SmallDisk: Sendable {
    package static let isPermitted = (try? SmallDisk(kibibytes: 64)) != nil
    package static let whySkipped = "a small disk is a tmpfs, and mounting one needs root"

    package let path: String
    private var ballast: String { path + "/ballast" }

    /// - Parameter place: The folder to create; nil for a temporary folder.
    package init(at place: String? = nil, kibibytes: Int) throws {
        path =
            place
            ?? FileManager.default.temporaryDirectory.path + "/loket-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        try Program.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", path)
    }

    deinit { remove() }

    package func remove() {
        _ = try? Program.run("umount", "-l", path)
        rmdir(path)
    }

    /// Fills all but this many bytes, rounded to a page.
    package func fill(leaving bytes: Int = 0) throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        var status = statvfs()
        while statvfs(path, &status) == 0, Int(status.f_bavail * status.f_frsize) > bytes {
            guard write(descriptor, zeros, zeros.count) > 0 else { return }
        }
    }

    package func empty() { unlink(ballast) }
}
