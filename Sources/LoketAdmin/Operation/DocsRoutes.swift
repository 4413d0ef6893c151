// /openapi.json and /docs, which need no key. The page is one file that requests only the OpenAPI
// document, and its headers make the browser enforce that.

import HTTPTypes
import Hummingbird
import LoketRuntime
import LoketStore
import LoketSystem
import Synchronization

struct DocsRoutes {
    let build: BuildInfo
    /// The scope of each route that needs a key.
    let scopes: [String: AdminKey.Scope]

    func add(to router: Router<AdminContext>) {
        let document = MadeOnce {
            FixedAnswer("application/json", OpenAPIDocument.json(of: build, scopes))
        }
        router.get("openapi.json") { request, _ in
            try document.value.response(to: request)
        }
        router.get("docs") { request, _ in
            try Self.page.response(to: request, ["routes"], extra: Self.pageHeaders)
        }
    }

    /// Created by the first request.
    private final class MadeOnce: Sendable {
        private let make: @Sendable () -> FixedAnswer
        private let made = Mutex<FixedAnswer?>(nil)

        init(_ make: @escaping @Sendable () -> FixedAnswer) { self.make = make }

        var value: FixedAnswer {
            made.withLock { made in
                let value = made ?? make()
                made = value
                return value
            }
        }
    }

    private static let page = FixedAnswer("text/html; charset=utf-8", PackageResources.docs_html)

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
