// A form with a file (multipart/form-data, RFC 7578), read while it arrives: its parts in their
// order, each in pieces. Memory holds one chunk of the body, whatever the file's size.

import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import NIOCore

/// One task reads it, from the first part to the last.
final class MultipartBody {
    struct Part {
        let name: String
        /// Nil for a part that is no file; empty if no file was chosen.
        let fileName: String?
    }

    /// The bytes of all fields together, and of one header line.
    private static let fieldBytesMax = PageForm.bytesMax
    private static let lineBytesMax = 8 * 1024

    private let request: Request
    private var chunks: RequestBody.AsyncIterator
    private let delimiter: [UInt8]
    // The first delimiter may have no line end before it.
    private var buffer = ByteBuffer(string: "\r\n")
    private var fieldBytes = 0
    /// Whether the body was read to its end.
    private var isOver = false

    /// - Throws: `media_type_unknown`.
    init(_ request: Request) throws {
        guard request.mediaType == "multipart/form-data",
            let boundary = Self.boundary(request.headers[.contentType] ?? "")
        else {
            throw Problem(.mediaTypeUnknown, "send the form as multipart/form-data")
        }
        self.request = request
        delimiter = Array("\r\n--\(boundary)".utf8)
        chunks = request.body.makeAsyncIterator()
    }

    private static func boundary(_ type: String) -> String? {
        guard let match = type.firstMatch(of: /(?i); *boundary=(?:"([^"]+)"|([^"; ]+))/) else {
            return nil
        }
        let text = (match.output.1 ?? match.output.2).map(String.init) ?? ""
        return (1...70).contains(text.utf8.count) ? text : nil
    }

    // MARK: Parts

    /// Returns the next part, whose content `piece` then returns; nil after the last part.
    ///
    /// - Throws: `body_broken` or `body_too_large`, or an error of the connection.
    func next() async throws -> Part? {
        // The rest of the last part, or what is before the first one.
        while let rest = try await piece() { try countField(rest.readableBytes) }
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        let end = try await line()
        if end.hasPrefix("--") {
            buffer.clear()
            while try await more() {
                try countField(buffer.readableBytes)
                buffer.clear()
            }
            return nil
        }
        guard end.isEmpty else { throw broken }
        var disposition = ""
        while case let line = try await line(), !line.isEmpty {
            if line.lowercased().hasPrefix("content-disposition:") { disposition = line }
        }
        guard let name = Self.parameter("name", of: disposition) else { throw broken }
        return Part(name: name, fileName: Self.parameter("filename", of: disposition))
    }

    /// Returns the next piece of the part's content; nil at its end.
    func piece() async throws -> ByteBuffer? {
        while true {
            let (place, isWhole) = search()
            if place > 0 { return buffer.readSlice(length: place) }
            if isWhole { return nil }
            guard try await more() else { throw broken }
        }
    }

    /// Returns the content of a field.
    func text() async throws -> String {
        var bytes: [UInt8] = []
        while let piece = try await piece() {
            try countField(piece.readableBytes)
            bytes += piece.readableBytesView
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func parameter(_ name: String, of line: String) -> String? {
        let parts = line.matches(of: /; *([a-z*]+)="([^"]*)"/)
        return parts.first { $0.output.1 == name }.map {
            String($0.output.2).replacing("%22", with: "\"")
        }
    }

    // MARK: Bytes

    /// Returns the number of bytes that belong to the part, and whether the delimiter follows them.
    private func search() -> (place: Int, isWhole: Bool) {
        buffer.withUnsafeReadableBytes { bytes in
            var from = 0
            while from < bytes.count, let start = bytes.baseAddress,
                let found = memchr(start + from, 0x0D, bytes.count - from)
            {
                let place = UnsafeRawPointer(found) - start
                let length = min(delimiter.count, bytes.count - place)
                if memcmp(found, delimiter, length) == 0 {
                    return (place, length == delimiter.count)
                }
                from = place + 1
            }
            return (bytes.count, false)
        }
    }

    /// Reads a line up to its end.
    private func line() async throws -> String {
        while true {
            let bytes = buffer.readableBytesView
            if let end = bytes.firstIndex(of: 0x0A) {
                let length = end - bytes.startIndex + 1
                try countField(length)
                let line = buffer.readString(length: length) ?? ""
                return line.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            guard bytes.count <= Self.lineBytesMax else { throw broken }
            guard try await more() else {
                // The last delimiter needs no line end.
                if buffer.readableBytesView.elementsEqual("--".utf8) { return "--" }
                throw broken
            }
        }
    }

    private func more() async throws -> Bool {
        guard !isOver, var chunk = try await chunks.next() else {
            isOver = true
            return false
        }
        buffer.discardReadBytes()
        buffer.writeBuffer(&chunk)
        return true
    }

    private func countField(_ bytes: Int) throws {
        fieldBytes += bytes
        guard fieldBytes <= Self.fieldBytesMax else {
            throw Problem(
                .bodyTooLarge, "send at most \(Self.fieldBytesMax) bytes beside the file")
        }
    }

    private let broken = Problem(.bodyBroken, "the form is incomplete or malformed")

    // MARK: The answer

    /// Returns the answer so that it ends a request whose body was not read to its end.
    func ending(with response: Response) -> Response {
        guard !isOver else { return response }
        // The route has ended, so nothing else reads the body.
        nonisolated(unsafe) let rest = self
        return EarlyRefusal.refuse(request, with: response, closes: false) {
            while try await rest.chunks.next() != nil {}
        }
    }
}
