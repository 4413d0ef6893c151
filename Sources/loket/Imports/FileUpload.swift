// Sends a file, or what comes through standard input, as the body of one request: chunk by chunk,
// never the whole of it in memory.

import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

/// A file that is read in chunks.
struct FileUpload: Sendable {
    /// Nil for standard input.
    let path: String?
    private let descriptor: Int32
    /// Bytes; nil for a pipe, whose size is known at its end.
    let size: Int64?
    private let sending = Sending()

    private static let chunkBytes = 256 * 1024
    private static let standardInput: Int32 = 0

    /// - Parameter name: a path, or `-` for standard input.
    /// - Throws: `Failure` 2 where it cannot be read.
    init(_ name: String) throws {
        guard name != "-" else {
            (path, descriptor) = (nil, Self.standardInput)
            size = Self.size(of: descriptor)
            return
        }
        descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.usage, "cannot read \(name): \(String(cString: strerror(errno)))")
        }
        path = name
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(.usage, "cannot read \(name): it is a folder")
        }
        size = Self.size(of: descriptor)
    }

    /// A regular file's bytes; a pipe has no size.
    private static func size(of descriptor: Int32) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int64(status.st_size) - Int64(max(0, lseek(descriptor, 0, SEEK_CUR)))
    }

    /// The chunks, to be read once; what fails to be read is a `Failure`.
    func body(_ sent: @escaping @Sendable (Int64) -> Void) -> HTTPClientRequest.Body {
        let chunks = AsyncThrowingStream<ByteBuffer, any Error> {
            let chunk = try await next()
            let count = Int64(chunk?.readableBytes ?? 0)
            guard sending.goesOn(with: count, of: size) else { throw CancellationError() }
            if count > 0 { sent(count) }
            return chunk
        }
        return .stream(chunks, length: size.map { .known($0) } ?? .unknown)
    }

    /// A pipe may be silent for long, so the reading has a thread of its own.
    private func next() async throws -> ByteBuffer? {
        let chunk: Result<ByteBuffer, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: read()) }
        }
        let bytes = try chunk.get()
        return bytes.readableBytes == 0 ? nil : bytes
    }

    private func read() -> Result<ByteBuffer, Failure> {
        var buffer = ByteBuffer()
        var failed: Int32 = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunkBytes) { space in
            while true {
                let count = Foundation.read(descriptor, space.baseAddress, Self.chunkBytes)
                if count >= 0 { return count }
                guard errno == EINTR else {
                    failed = errno
                    return 0
                }
            }
        }
        guard failed == 0 else {
            let reason = String(cString: strerror(failed))
            return .failure(Failure(.no, "cannot read \(path ?? "standard input"): \(reason)"))
        }
        return .success(buffer)
    }
}

// MARK: Ctrl-C

extension FileUpload {
    /// How far it is. What arrives whole is applied, so after Ctrl-C either the end of it is not
    /// sent any more, or it was sent and the service's answer says which import it became.
    fileprivate final class Sending: Sendable {
        private struct State {
            var bytes: Int64 = 0
            var isWhole = false
            var isInterrupted = false
        }

        private let state = Mutex(State())

        var isInterrupted: Bool { state.withLock(\.isInterrupted) }

        /// - Parameter count: bytes of the next chunk; 0 at the end.
        /// - Returns: whether it may be sent.
        func goesOn(with count: Int64, of size: Int64?) -> Bool {
            state.withLock { state in
                guard state.isWhole || !state.isInterrupted else { return false }
                state.bytes += count
                state.isWhole = count == 0 || state.bytes == size
                return true
            }
        }

        /// - Returns: whether all of it was sent, and whether this is the first time.
        func interrupt() -> (isWhole: Bool, isFirst: Bool) {
            state.withLock { state in
                defer { state.isInterrupted = true }
                return (state.isWhole, !state.isInterrupted)
            }
        }
    }

    /// Somebody pressed Ctrl-C when all of it was sent.
    var isInterrupted: Bool { sending.isInterrupted }

    /// - Returns: what to say and end with; nil where the answer is awaited.
    func interrupt() -> String? {
        let (isWhole, isFirst) = sending.interrupt()
        guard isWhole else { return "the file was not sent whole, and nothing of it is applied" }
        guard isFirst else {
            return "the file was sent whole, and its import goes on in the service: `loket imports "
                + "list` shows it with its id; stop it: `loket imports cancel ID`; take it back: "
                + "`loket imports undo ID`"
        }
        Output.note(
            "the file was sent whole; waiting for the id of its import (Ctrl-C again ends that)\n")
        return nil
    }
}
