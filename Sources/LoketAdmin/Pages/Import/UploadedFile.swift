// A file that somebody chose for an import, kept while it is checked and corrected. It has no name:
// it was removed from its folder before its first byte was written, and its space is free again as
// soon as nobody has it open, however the service ends.

import Foundation
import Hummingbird
import LoketCore
import LoketStore
import LoketSystem
import NIOCore

final class UploadedFile: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Receives the content of a part of a form.
    ///
    /// - Throws: `body_too_large` or `insufficient_storage`, among others.
    static func receive(_ body: MultipartBody, in room: UploadRoom) async throws -> UploadedFile {
        let path = room.folder + "/.upload-" + hexadecimal(randomBytes(16))
        let descriptor = try PlacedFile.create(path)
        unlink(path)
        var bytes: Int64 = 0
        do {
            while let piece = try await body.piece() {
                bytes += Int64(piece.readableBytes)
                guard bytes <= Limits.importFileBytesMax else { throw ImportUpload.tooLarge }
                try await room.check(Int64(piece.readableBytes))
                try piece.withUnsafeReadableBytes {
                    try PlacedFile.write($0, to: descriptor, of: path)
                }
            }
        } catch {
            close(descriptor)
            throw error
        }
        return UploadedFile(descriptor: descriptor)
    }

    /// Returns bytes of the file; empty at its end.
    fileprivate func read(_ count: Int, at offset: Int64) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            let got = pread(descriptor, room.baseAddress, min(room.count, count), off_t(offset))
            guard got >= 0 else {
                throw Problem(.storeFailed, String(cString: strerror(errno)))
            }
            return got
        }
        return buffer
    }

    static let previewBytes = 64 * 1024

    /// The first bytes, for a preview.
    var beginning: [UInt8] {
        (try? read(Self.previewBytes, at: 0)).map { Array($0.readableBytesView) } ?? []
    }

    /// The file as the body of a request.
    var body: RequestBody { RequestBody(asyncSequence: Pieces(file: self)) }

    private struct Pieces: AsyncSequence, Sendable {
        let file: UploadedFile
        private static let pieceBytes = 128 * 1024

        func makeAsyncIterator() -> Iterator { Iterator(file: file) }

        struct Iterator: AsyncIteratorProtocol {
            let file: UploadedFile
            private var offset: Int64 = 0

            init(file: UploadedFile) { self.file = file }

            mutating func next() async throws -> ByteBuffer? {
                try Task.checkCancellation()
                let piece = try file.read(pieceBytes, at: offset)
                offset += Int64(piece.readableBytes)
                return piece.readableBytes > 0 ? piece : nil
            }
        }
    }
}

/// Where files are kept, and the check that the disk has room for them: the folder of the database.
struct UploadRoom: Sendable {
    let folder: String
    /// Throws `insufficient_storage` if the reserve of the disk would not stay free.
    let check: @Sendable (_ bytes: Int64) async throws -> Void

    init(_ store: Store) {
        folder = store.folder
        check = { bytes in
            do { try await store.checkRoom(for: bytes) } catch let shortage as DiskRoom.Shortage {
                throw Problem(shortage)
            }
        }
    }
}
