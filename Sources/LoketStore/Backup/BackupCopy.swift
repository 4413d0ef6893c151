// One copy of the whole database at one moment, in a file that has no name any more: whatever ends
// its use, and were it the process, gives its space back. It holds no write-ahead log.

import Foundation
import GRDB
import LoketCore
import LoketSystem

/// Why no copy could be made.
package enum BackupFault: Error, Sendable, CustomStringConvertible {
    case notWritten(String)
    /// A folder for backups cannot be used.
    case folder(String, reason: String)
    /// A restore would refuse the copy that was made.
    case unsound([String])

    package var description: String {
        switch self {
        case .notWritten(let reason):
            "the copy could not be written beside the database, and is gone again: \(reason). "
                + "Make room there and ask again"
        case .folder(let path, let reason):
            "no backup can be made in \(path): \(reason)"
        case .unsound(let problems):
            "the copy is damaged (\(problems.prefix(3).joined(separator: "; "))), and was removed; "
                + "either the database is, or the disk of the backups"
        }
    }
}

package final class BackupCopy: Sendable {
    package let takenAt: Moment
    package let byteCount: Int64
    package let digest: SHA256Digest
    private let descriptor: Int32

    private static let chunkBytes = 1 << 20

    /// Writes the copy and reads it through once, for its digest.
    ///
    /// - Parameters:
    ///   - database: a reader outside of a transaction; what it sees now is what is copied.
    ///   - place: a free name beside the database. It is free again afterwards.
    /// - Throws: `BackupFault`, or why the database could not be read.
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
        close(descriptor)
    }

    /// Writes what a reader outside of a transaction sees into a new file.
    ///
    /// - Throws: `PlacedFile.Fault` where something has the name; `BackupFault`.
    static func write(_ database: Database, to place: String) throws {
        // SQLite writes into the empty file, and would create one that others can read.
        close(try PlacedFile.create(place))
        var isWhole = false
        defer {
            // One that finds no room leaves its journal, too.
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

    /// The same of a finished file, slowly.
    static func readThrough(_ place: String) throws -> (Int64, SHA256Digest) {
        let opened = try open(place)
        defer { close(opened) }
        return try readThrough(opened) { usleep(Limits.backupPauseMicroseconds) }
    }

    /// What is on the disk is read from there the next time.
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

    /// - Returns: how many bytes were read; fewer than there is room for only at the end.
    package func read(
        at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        try Self.read(descriptor, at: offset, into: buffer)
    }

    private static func readThrough(
        _ descriptor: Int32, pause: () -> Void = {}
    ) throws -> (Int64, SHA256Digest) {
        let digest = RunningSHA256()
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
