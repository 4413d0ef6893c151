// A small file system in memory, for testing the service on a full disk.

import DokuSimulator
import Foundation

/// A file system that stays mounted until `remove`. Only root may mount it.
struct SmallDisk {
    let folder: URL
    private var fillerPath: String { folder.appendingPathComponent("filler").path }

    private static let chunkBytes = 1 << 20

    init(mebibytes: Int) throws {
        folder = try makeTemporaryFolder("disk")
        do {
            try runAndWait(
                ["mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m", "loket", folder.path])
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw BenchFailure(
                "\(error): only root may mount the full disk; name the other floods with --flood")
        }
    }

    /// Fills all free space.
    func fill() throws {
        let file = open(fillerPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchFailure("cannot write \(fillerPath)") }
        defer { close(file) }
        var bytes = Self.chunkBytes
        let zeros = [UInt8](repeating: 0, count: bytes)
        while bytes > 0 {
            if write(file, zeros, bytes) <= 0 { bytes /= 2 }
        }
    }

    func free() throws {
        try FileManager.default.removeItem(atPath: fillerPath)
    }

    func remove() {
        _ = try? runAndWait(["umount", folder.path])
        try? FileManager.default.removeItem(at: folder)
    }
}
