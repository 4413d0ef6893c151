// The public URL that DOKU connects to, and why DOKU would refuse one.

import Foundation

/// An https URL that DOKU accepts: its base and its path.
package struct PublicURL: Sendable {
    package struct Refusal: Error {
        package let reason: String
    }

    /// The scheme and host.
    package let base: String
    /// The path without a slash at its end; may be empty.
    package let path: String

    package init(_ text: String) throws(Refusal) {
        guard let url = URLComponents(string: text), let host = url.host?.lowercased(),
            url.scheme?.lowercased() == "https", !host.isEmpty
        else { throw Refusal(reason: "must be an https URL, such as https://pay.example.com") }
        guard url.user == nil, url.password == nil, url.query == nil, url.fragment == nil else {
            throw Refusal(reason: "must have no login, no ? and no #: DOKU uses the URL unchanged")
        }
        guard url.port == nil || url.port == 443 else {
            throw Refusal(reason: "must have no port: DOKU refuses unusual ports")
        }
        guard host.contains("."), !host.hasPrefix("127."), !host.hasSuffix(".local") else {
            throw Refusal(reason: "must have a public host name: DOKU connects from the internet")
        }
        guard !host.contains("ngrok") else {
            throw Refusal(reason: "must not be an ngrok URL: DOKU refuses ngrok hosts")
        }
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Refusal(reason: "must be ASCII without spaces, as the name is in its certificate")
        }
        base = "https://\(host)"
        var path = Substring(url.percentEncodedPath)
        // The full URL, as registered at DOKU, is accepted.
        for end in ["/doku/inquiry", "/doku/notification"] where path.hasSuffix(end) {
            path = path.dropLast(end.count)
        }
        self.path = String(path.reversed().drop { $0 == "/" }.reversed())
    }
}
