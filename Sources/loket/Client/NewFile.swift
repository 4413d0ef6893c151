// A file that a command creates. It is written as FILE.part, readable only by its owner, and
// renamed when all of it is on disk. An existing file is never overwritten, and an interrupted
// command leaves no incomplete file under the final name. Disk space is kept free for a service on
// that disk.

import Foundation
import LoketStore
import LoketSystem

struct NewFile {
    private let part: String
    private let descriptor: Int32

    /// Creates and fills a file; removes the file if that fails.
    ///
    /// - Parameter work: The kind of file, for the message if another process is writing it.
    static func make<Result>(
        _ path: String, by work: String, _ fill: (NewFile) async throws -> Result
    ) async throws -> Result {
        guard !PlacedFile.isTaken(path) else {
            throw Failure(.no, "\(path) already exists; give another file name")
        }
        do {
            let file = try create(path + ".part", by: work)
            defer { close(file.descriptor) }
            do {
                let result = try await fill(file)
                try PlacedFile.sync(file.descriptor, of: file.part)
                try PlacedFile.move(file.part, to: path)
                return result
            } catch {
                unlink(file.part)
                throw error
            }
        } catch let fault as PlacedFile.Fault {
            throw Failure(.no, "\(fault)")
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try checkRoom(for: Int64(bytes.count))
        try PlacedFile.write(bytes, to: descriptor, of: part)
    }

    /// - Throws: `Failure` 1 if writing this number of bytes would use the disk space that a
    ///   service reserves by default.
    func checkRoom(for needed: Int64) throws {
        let folder = URL(fileURLWithPath: part).deletingLastPathComponent().path
        guard let shortage = DiskRoom().shortage(in: folder, for: needed) else { return }
        throw Failure(
            .no,
            "\(folder) has \(mebibytes(shortage.free)) free. The file needs \(mebibytes(needed)), "
                + "and \(mebibytes(shortage.kept)) must stay free for a running service: free "
                + "some space, or give a file on another disk")
    }

    private static func create(_ part: String, by work: String) throws -> NewFile {
        do {
            return NewFile(part: part, descriptor: try PlacedFile.create(part))
        } catch PlacedFile.Fault.occupied {
            throw Failure(
                .no,
                "\(part) already exists: another \(work) is running, or was interrupted. If none "
                    + "is running, remove the file")
        }
    }
}
