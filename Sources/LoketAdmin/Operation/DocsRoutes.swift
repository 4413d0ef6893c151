// /openapi.json and /docs, which need no key. The page is one file that requests only the OpenAPI
// document, and its headers make the browser enforce that.

import HTTPTypes
import Hummingbird
import LoketRuntime
import LoketStore
import LoketSystem
import NIOCore
import Synchronization

struct DocsRoutes {
    let build: BuildInfo
    /// The scope of each route that needs a key.
    let scopes: [String: AdminKey.Scope]

    func add(to router: Router<AdminContext>) {
        let document = MadeOnce {
            Fixed("application/json", OpenAPIDocument.json(of: build, scopes))
        }
        router.get("openapi.json") { request, _ in
            try Self.answer(request, with: document.value, extra: [:])
        }
        router.get("docs") { request, _ in
            try Self.answer(request, with: Self.page, extra: Self.pageHeaders)
        }
    }

    /// A response that changes only with the program.
    private struct Fixed: Sendable {
        let type: String
        let body: ByteBuffer
        let tag: String

        init(_ type: String, _ bytes: [UInt8]) {
            self.type = type
            body = ByteBuffer(bytes: bytes)
            tag = "\"" + hexadecimal(Array(SHA256Digest(of: bytes).bytes.prefix(12))) + "\""
        }
    }

    /// Created by the first request.
    private final class MadeOnce: Sendable {
        private let make: @Sendable () -> Fixed
        private let made = Mutex<Fixed?>(nil)

        init(_ make: @escaping @Sendable () -> Fixed) { self.make = make }

        var value: Fixed {
            made.withLock { made in
                let value = made ?? make()
                made = value
                return value
            }
        }
    }

    private static let page = Fixed("text/html; charset=utf-8", PackageResources.docs_html)

    /// Caches may store the response but must revalidate it for each request: the next program on
    /// this port may differ.
    private static func answer(
        _ request: Request, with fixed: Fixed, extra: HTTPFields
    ) throws -> Response {
        _ = try request.parameters([])
        var headers = extra
        headers[.eTag] = fixed.tag
        headers[.cacheControl] = "no-cache"
        if has(request.headers[.ifNoneMatch], fixed.tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = fixed.type
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: fixed.body))
    }

    /// Compares weakly: weak and strong tags match (RFC 9110 §13.1.2).
    private static func has(_ header: String?, _ tag: String) -> Bool {
        let tags = (header ?? "").split(separator: ",").map { $0.trimmingPrefix(" ") }
        return tags.contains { $0 == "*" || $0.trimmingPrefix("W/") == tag }
    }

    // MARK: The page's permissions

    private static let pageHeaders: HTTPFields = {
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] = policy
        if let referrerPolicy = HTTPField.Name("Referrer-Policy") {
            headers[referrerPolicy] = "no-referrer"
        }
        return headers
    }()

    /// Allows only the page's script and style, by hash, and requests to this listener.
    private static let policy: String = {
        let text = String(decoding: PackageResources.docs_html, as: UTF8.self)
        return [
            "default-src 'none'", "script-src '\(hash(of: "script", in: text))'",
            "style-src '\(hash(of: "style", in: text))'", "connect-src 'self'",
            "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }()

    /// Traps if the page does not have exactly one such element.
    private static func hash(of element: String, in page: String) -> String {
        let parts = page.split(separator: "<\(element)>", omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the page must have one <\(element)>")
        let content = parts[1].split(separator: "</\(element)>", omittingEmptySubsequences: false)
        precondition(content.count == 2, "the page must have one </\(element)>")
        let digest = SHA256Digest(of: Array(content[0].utf8))
        return "sha256-" + String(decoding: base64(digest), as: UTF8.self)
    }
}
