// The cookies of the counter page: the session and the language. A script cannot read them, and a
// request from another site has them only if it opens a page.

import HTTPTypes
import Hummingbird

enum PageCookie: String {
    case session = "loket_session"
    case language = "loket_language"

    func value(in request: Request) -> String? { request.cookies[rawValue]?.value }

    /// Returns the header line that sets the cookie; an empty value removes it.
    func header(_ value: String, for request: Request) -> String {
        var parts = ["\(rawValue)=\(value)", "Path=/", "HttpOnly", "SameSite=Lax"]
        // A session ends with the browser. The language is no secret and stays.
        if value.isEmpty { parts.append("Max-Age=0") }
        if self == .language { parts.append("Max-Age=31536000") }
        if request.cameByTLS { parts.append("Secure") }
        return parts.joined(separator: "; ")
    }
}

extension Request {
    /// Whether a proxy received the request by https. A client that says so itself gets a cookie
    /// that it sends by https only, which harms nobody.
    var cameByTLS: Bool {
        guard let name = HTTPField.Name("X-Forwarded-Proto") else { return false }
        let last = headers[values: name].last?.split(separator: ",").last
        return last?.filter { $0 != " " }.lowercased() == "https"
    }
}

/// An address of the counter page: where a form or a sign-in leads back. An address of another
/// site is none.
struct PagePlace: Sendable {
    static let today = "/ui"
    let text: String

    init?(_ text: String?) {
        guard let text, text.utf8.count <= 2_048,
            text == Self.today || text.hasPrefix(Self.today + "/")
                || text.hasPrefix(Self.today + "?"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C })
        else { return nil }
        self.text = text
    }
}
