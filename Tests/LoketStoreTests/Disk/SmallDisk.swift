// A file system of a few MiB, in memory, that a test can fill to its last byte.

import Foundation
import Synchronization
import Testing

@testable import LoketStore

final class SmallDisk: Sendable {
    static let isPermitted = (try? SmallDisk(kibibytes: 64)) != nil
    static let whySkipped: Comment = "a small disk is a tmpfs, and mounting one needs root"

    let path: String
    private var ballast: String { path + "/ballast" }

    init(kibibytes: Int) throws {
        path = FileManager.default.temporaryDirectory.path + "/loket-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", path)
    }

    deinit {
        try? Self.run("umount", "-l", path)
        rmdir(path)
    }

    /// Leaves room for no further byte.
    func fill() throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, zeros, zeros.count) > 0 {}
        try #require(errno == ENOSPC)
    }

    func empty() { unlink(ballast) }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotInTime(what: "\(words)") }
    }
}

/// A disk of which a test says how much is free.
final class Gauge: Sendable {
    private let bytes = Mutex(Int64.max)

    var free: Int64 {
        get { bytes.withLock { $0 } }
        set { bytes.withLock { $0 = newValue } }
    }

    /// - Parameter reserve: what is kept.
    func room(reserve: Int64 = 1_000) -> DiskRoom {
        DiskRoom(reserve: reserve, free: { [self] _ in free })
    }
}
