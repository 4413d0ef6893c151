// The page as a client of the admin API inside the process: a request goes through the same routes
// with the session's key, so that no rule exists twice.

import HTTPTypes
import Hummingbird
import LoketJSON
import NIOCore

/// The admin API with the key of one session.
///
///     let bill = try await api.get("/admin/v1/bills/7")   // throws the Problem of the answer
///     bill["amount"]?.integer
struct LocalAPI: Sendable {
    /// An answer in JSON with its ETag.
    struct Answer: Sendable {
        let json: JSONValue
        let tag: String?
    }

    private let responder: RouterResponder<AdminContext>
    private let context: AdminContext
    private let keyID: Int64
    private static let bytesMax = 64 * 1024 * 1024

    /// - Parameter context: the context of the request of the page.
    init(_ responder: RouterResponder<AdminContext>, keyID: Int64, context: AdminContext) {
        self.responder = responder
        self.keyID = keyID
        self.context = context
    }

    /// Returns the JSON at a path.
    func get(_ path: String, _ query: [(name: String, value: String?)] = []) async throws
        -> JSONValue
    {
        try await send(.get, path.with(query)).json
    }

    /// Returns the JSON at a path; nil if the key may not read it or it does not exist.
    func getIfAny(_ path: String, _ query: [(name: String, value: String?)] = []) async throws
        -> JSONValue?
    {
        do {
            return try await get(path, query)
        } catch let problem as Problem
            where [.notFound, .accountForbidden, .scopeMissing, .billDamaged]
            .contains(problem.cause)
        {
            return nil
        }
    }

    /// Sends a request with a JSON body.
    ///
    /// - Throws: the `Problem` of the answer, with its faults.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]? = nil,
        ifMatch: String? = nil
    ) async throws -> Answer {
        var headers = HTTPFields()
        if body != nil { headers[.contentType] = "application/json" }
        headers[.ifMatch] = ifMatch
        return try await answer(
            to: method, path, RequestBody(buffer: ByteBuffer(bytes: body ?? [])), headers)
    }

    /// Sends a file, in pieces.
    func send(
        _ method: HTTPRequest.Method, _ path: String, file: UploadedFile, type: String
    ) async throws -> Answer {
        try await answer(to: method, path, file.body, [.contentType: type])
    }

    private func answer(
        to method: HTTPRequest.Method, _ path: String, _ body: RequestBody, _ headers: HTTPFields
    ) async throws -> Answer {
        let response = try await respond(method, path, body, headers)
        let bytes = try await response.body.collected(upTo: Self.bytesMax)
        guard let root = try? StrictJSON(bytes).root else {
            throw Problem(.unexpected, "\(method) \(path) did not answer with JSON")
        }
        guard response.headers[.contentType] != "application/problem+json" else {
            throw Problem(root)
        }
        return Answer(json: root, tag: response.headers[.eTag])
    }

    /// Returns the answer as it is, for a download.
    func response(
        _ method: HTTPRequest.Method, _ path: String,
        _ body: [UInt8]? = nil, _ headers: HTTPFields = [:]
    ) async throws -> Response {
        try await respond(
            method, path, RequestBody(buffer: ByteBuffer(bytes: body ?? [])), headers)
    }

    private func respond(
        _ method: HTTPRequest.Method, _ path: String, _ body: RequestBody, _ headers: HTTPFields
    ) async throws -> Response {
        let head = HTTPRequest(
            method: method, scheme: nil, authority: "localhost", path: path, headerFields: headers)
        let request = Request(head: head, body: body)
        return try await responder.respond(to: request, context: context.local(keyID: keyID))
    }
}

extension Problem {
    /// Reads a problem as the API writes it.
    init(_ json: JSONValue) {
        let name = json["type"]?.string?.split(separator: ":").last.map(String.init)
        self.init(
            name.flatMap(Cause.init(rawValue:)) ?? .unexpected, json["detail"]?.string ?? "",
            faults: (json["errors"]?.elements ?? []).map {
                Fault(
                    pointer: $0["pointer"]?.string ?? "", detail: $0["detail"]?.string ?? "")
            })
    }
}

extension String {
    /// The path with the parameters that have a value.
    func with(_ query: [(name: String, value: String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\($0.escapedForQuery)" }
        }
        return pairs.isEmpty ? self : self + "?" + pairs.joined(separator: "&")
    }

    /// The text with everything but letters, digits, `-`, `_` and `~` percent-encoded: in a path,
    /// dots alone would lead upwards.
    var escapedForQuery: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}

extension ResponseBody {
    /// Returns the whole body.
    fileprivate func collected(upTo bytesMax: Int) async throws -> [UInt8] {
        let collector = BodyCollector(bytesMax: bytesMax)
        try await write(collector)
        return Array(collector.buffer.readableBytesView)
    }
}

/// Collects a body in memory. One task writes it.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var buffer = ByteBuffer()
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    func write(_ part: ByteBuffer) async throws {
        guard buffer.readableBytes + part.readableBytes <= bytesMax else {
            throw NIOTooManyBytesError(maxBytes: bytesMax)
        }
        buffer.writeImmutableBuffer(part)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
