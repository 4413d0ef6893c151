// The URL at which DOKU reaches a merchant, by what DOKU takes: public, https, no port of its own,
// no login.

import Foundation

struct PublicURL {
    struct Refusal: Error {
        let reason: String
    }

    /// Scheme and host.
    let base: String
    /// Empty, or a path without a slash at its end.
    let path: String

    init(_ text: String) throws(Refusal) {
        guard let url = URLComponents(string: text), let host = url.host?.lowercased(),
            url.scheme?.lowercased() == "https", !host.isEmpty
        else { throw Refusal(reason: "must be an https URL, such as https://pay.example.com") }
        guard url.user == nil, url.password == nil, url.query == nil, url.fragment == nil else {
            throw Refusal(reason: "must have no login, no ? and no #: DOKU calls it as it is")
        }
        guard url.port == nil || url.port == 443 else {
            throw Refusal(reason: "must have no port: DOKU refuses unusual ones")
        }
        guard host.contains("."), !host.hasPrefix("127."), !host.hasSuffix(".local") else {
            throw Refusal(reason: "must be a name that the internet knows: DOKU calls from outside")
        }
        guard !host.contains("ngrok") else {
            throw Refusal(reason: "must not be at ngrok, whose hosts DOKU refuses")
        }
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Refusal(reason: "must be ASCII without spaces, as a certificate has the name")
        }
        base = "https://\(host)"
        var path = Substring(url.percentEncodedPath)
        // Whole, as it is registered at DOKU.
        for end in ["/doku/inquiry", "/doku/notification"] where path.hasSuffix(end) {
            path = path.dropLast(end.count)
        }
        self.path = String(path.reversed().drop { $0 == "/" }.reversed())
    }
}
