// The style sheet and the script of the counter page, which need no session, and the header fields
// of every page: nothing is loaded from another host, and nothing inline is run.

import HTTPTypes
import Hummingbird

struct PageAssets {
    func add(to router: Router<AdminContext>) {
        let style = FixedAnswer("text/css; charset=utf-8", PackageResources.page_css)
        let script = FixedAnswer("text/javascript; charset=utf-8", PackageResources.page_js)
        router.get("ui/page.css") { request, _ in try style.response(to: request) }
        router.get("ui/page.js") { request, _ in try script.response(to: request) }
    }

    static let headers: HTTPFields = {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8"]
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
            "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
        // `no-referrer` would hide the origin of forms.
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        if let name = HTTPField.Name("X-Frame-Options") { headers[name] = "DENY" }
        return headers
    }()
}
