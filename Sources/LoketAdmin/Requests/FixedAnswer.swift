// A document that changes only with the program. Caches may store it but must revalidate it for
// each request: the next program on this port may differ.

import HTTPTypes
import Hummingbird
import LoketSystem
import NIOCore

struct FixedAnswer: Sendable {
    private let type: String
    private let body: ByteBuffer
    private let tag: String

    /// - Parameter type: the media type.
    init(_ type: String, _ bytes: [UInt8]) {
        self.type = type
        body = ByteBuffer(bytes: bytes)
        tag = "\"" + hexadecimal(Array(SHA256Digest(of: bytes).bytes.prefix(12))) + "\""
    }

    /// Returns the document, or 304 if the client has it.
    ///
    /// - Parameter known: the parameters that the document itself reads.
    func response(
        to request: Request, _ known: Set<String> = [], extra: HTTPFields = [:]
    ) throws -> Response {
        _ = try request.parameters(known)
        var headers = extra
        headers[.eTag] = tag
        headers[.cacheControl] = "no-cache"
        if has(request.headers[.ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    /// Compares weakly: weak and strong tags match (RFC 9110 §13.1.2).
    private func has(_ header: String?) -> Bool {
        let tags = (header ?? "").split(separator: ",").map { $0.trimmingPrefix(" ") }
        return tags.contains { $0 == "*" || $0.trimmingPrefix("W/") == tag }
    }
}
