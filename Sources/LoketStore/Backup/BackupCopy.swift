// One copy of the whole database at one moment, in an unlinked file: its space is freed when the
// copy is released or the process ends. It has no write-ahead log.

import Foundation
import GRDB
import LoketCore
import LoketSystem

/// The reason why no copy was made.
package enum BackupFault: Error, Sendable, CustomStringConvertible {
    case notWritten(String)
    /// The backup folder cannot be used.
    case folder(String, reason: String)
    /// The copy has faults for which a restore would refuse it.
    case unsound([String])

    package var description: String {
        switch self {
        case .notWritten(let reason):
            "the backup could not be written to the database's disk and was removed: \(reason). "
                + "Free some space on this disk and try again"
        case .folder(let path, let reason):
            "no backup can be written to \(path): \(reason)"
        case .unsound(let problems):
            "the new backup was damaged and was removed. Check the database and the disk of the "
                + "backups: \(problems.prefix(3).joined(separator: "; "))"
        }
    }
}

package final class BackupCopy: Sendable {
    package let takenAt: Moment
    package let byteCount: Int64
    package let digest: SHA256Digest
    private let descriptor: Int32

    private static let chunkBytes = 1 << 18

    /// Writes the copy and reads it once to compute its digest.
    ///
    /// - Parameters:
    ///   - database: a connection outside a transaction; its current snapshot is copied.
    ///   - place: an unused path next to the database; unused again afterwards.
    /// - Throws: `BackupFault`, or the error of reading the database.
    init(of database: Database, at place: String, takenAt: Moment) throws {
        self.takenAt = takenAt
        try Self.write(database, to: place)
        defer { unlink(place) }
        let opened = try Self.open(place)
        do {
            (byteCount, digest) = try Self.readThrough(opened)
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit {
        // Frees the pages of the whole copy, which takes as long as hundreds of inquiries.
        BulkExecutor.shared.start { [descriptor] in close(descriptor) }
    }

    /// Writes the current snapshot of a connection outside a transaction into a new file.
    ///
    /// - Throws: `PlacedFile.Fault` if the path exists; `BackupFault`.
    static func write(_ database: Database, to place: String) throws {
        // SQLite writes into this empty file. A file that SQLite creates would be readable by
        // others.
        close(try PlacedFile.create(place))
        var isWhole = false
        defer {
            // A copy that finds the disk full leaves its journal too.
            if !isWhole { for suffix in ["", "-journal"] { unlink(place + suffix) } }
        }
        do {
            try database.execute(sql: "VACUUM INTO ?1", arguments: [place])
        } catch let error as DatabaseError
            where [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode)
        {
            throw BackupFault.notWritten(error.message ?? "\(error.resultCode)")
        }
        isWhole = true
    }

    /// Returns a finished file's size and digest, slowly.
    static func readThrough(_ place: String) throws -> (Int64, SHA256Digest) {
        let opened = try open(place)
        defer { close(opened) }
        return try readThrough(opened) { usleep(Limits.backupPauseMicroseconds) }
    }

    /// Drops a file from the page cache, so that the next read is from the disk.
    static func forgetCached(_ place: String) throws {
        let opened = try open(place)
        defer { close(opened) }
        posix_fadvise(opened, 0, 0, POSIX_FADV_DONTNEED)
    }

    private static func open(_ place: String) throws -> Int32 {
        let opened = Foundation.open(place, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw BackupFault.notWritten(String(cString: strerror(errno)))
        }
        return opened
    }

    /// - Returns: the number of bytes read; less than the buffer's size only at the end of the
    ///   file.
    package func read(
        at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        try Self.read(descriptor, at: offset, into: buffer)
    }

    private static func readThrough(
        _ descriptor: Int32, pause: () -> Void = {}
    ) throws -> (Int64, SHA256Digest) {
        var digest = RunningSHA256()
        var count: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let read = try read(descriptor, at: count, into: buffer)
            if read == 0 { return (count, digest.finish()) }
            digest.add(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
            count += Int64(read)
            pause()
        }
    }

    private static func read(
        _ descriptor: Int32, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, Int(offset) + done)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw BackupFault.notWritten(String(cString: strerror(errno)))
            }
            if count == 0 { break }
            done += count
        }
        return done
    }
}
