// The rules for texts in the settings. Each rule returns what is wrong with a text, or nil. No
// rule's message quotes the text: see SettingsProblem.

import Foundation
import LoketCore
import LoketStore

package enum FieldRules {
    /// The maximum number of characters of DOKU's `channel.id`.
    static let channelIDMax = 64
    /// The maximum number of characters of an account's name.
    static let accountNameMax = 60

    /// Checks an address or a host name to listen on.
    static func host(_ text: String) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy(isVisibleASCII),
            !text.utf8.contains(where: "/[]@?#".utf8.contains)
        else {
            return "must be an IP address (IPv6 without brackets) or a host name"
        }
        return nil
    }

    /// Returns what is wrong with a text that is not a `HostName`.
    static func noHostName(_ text: String) -> String {
        text.contains("*")
            ? "must be an exact host name without a wildcard, because anyone could make a matching "
                + "name for this machine: list each name"
            : "must be a host name or an IP address (IPv6 without brackets), without scheme, port "
                + "and path"
    }

    /// Checks the path of a request target, which is compared and signed byte by byte.
    static func path(_ text: String) -> String? {
        guard text.hasPrefix("/"), text.utf8.allSatisfy(isVisibleASCII),
            !text.utf8.contains(where: "?#".utf8.contains)
        else {
            return "must be a path that begins with /, in visible ASCII, without ? and #"
        }
        return nil
    }

    /// Checks the path of a file, which need not exist yet.
    static func file(_ text: String) -> String? {
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 || scalar.value == 0x7F }
        guard !text.isEmpty, !text.hasSuffix("/"), !text.unicodeScalars.contains(where: isControl)
        else {
            return "must be the path of a file"
        }
        return nil
    }

    /// Checks the path of a folder, or an empty text.
    static func folder(_ text: String) -> String? {
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 || scalar.value == 0x7F }
        return text.unicodeScalars.contains(where: isControl)
            ? "must be \"\" (off) or the path of a folder" : nil
    }

    /// Checks the name of an account.
    static func accountName(_ text: String) -> String? {
        (try? PrintableText.line(text, max: accountNameMax)) == nil
            ? "must be one line of 1 to \(accountNameMax) printable characters" : nil
    }

    /// Returns a rule for identifiers that are sent in a header or in JSON.
    static func identifier(max: Int) -> (String) -> String? {
        { text in
            guard (1...max).contains(text.utf8.count), text.utf8.allSatisfy(isVisibleASCII) else {
                return "must be 1 to \(max) visible ASCII characters"
            }
            return nil
        }
    }

    /// Checks the URL of DOKU's API, or an empty text.
    static func baseURL(_ text: String) -> String? {
        if text.isEmpty { return nil }
        guard text.utf8.allSatisfy(isVisibleASCII), let url = URLComponents(string: text),
            url.scheme == "http" || url.scheme == "https", let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
        else {
            return "must be \"\" (off) or an http or https URL without user, query and fragment, "
                + "such as https://api.doku.com"
        }
        guard url.scheme == "https" || isLoopback(host) else {
            return "must be an https URL, because over http anyone on the network could report a "
                + "bill as paid; http is allowed only for this machine (http://127.0.0.1:9000)"
        }
        return nil
    }

    /// Checks the URL for alerts, or an empty text. The URL's path and query may contain the
    /// receiver's secret.
    static func alertURL(_ text: String) -> String? {
        if text.isEmpty { return nil }
        guard text.utf8.allSatisfy(isVisibleASCII), let url = URLComponents(string: text),
            url.scheme == "http" || url.scheme == "https", let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.fragment == nil
        else {
            return "must be \"\" (off) or the https URL of an incoming webhook, without user and "
                + "fragment"
        }
        guard url.scheme == "https" || isLoopback(host) else {
            return "must be an https URL; http is allowed only for this machine "
                + "(http://127.0.0.1:9000/)"
        }
        return nil
    }

    /// Whether a host is the local machine.
    ///
    /// - Parameter host: a name or an address, IPv6 with or without brackets.
    package static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

// Suggestions for misspelt names.

/// Returns the known name closest to a misspelt name; nil if every name differs by more than two
/// letters or by at least half of the name. Case, `-` and `_` do not count as differences.
package func nearest(to name: String, among known: Set<String>) -> String? {
    let letters = significant(name)
    guard letters.count <= 64 else { return nil }
    let distances = known.map { ($0, editDistance(letters, significant($0))) }
        .filter { $0.1 <= 2 && $0.1 * 2 < letters.count }
    return distances.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}

private func significant(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" }
}
