// What a text of the settings must be. Each rule returns what is wrong with a text, or nil. None
// repeats the text: see SettingsProblem.

import Foundation
import LoketCore
import LoketStore

package enum FieldRules {
    /// Characters of a `channel.id` as DOKU sends it.
    static let channelIDMax = 64

    /// An address or a name to listen on.
    static func host(_ text: String) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy(isVisibleASCII),
            !text.utf8.contains(where: "/[]@?#".utf8.contains)
        else {
            return "must be an IP address (IPv6 without brackets) or a host name"
        }
        return nil
    }

    /// What is wrong with a text that is no `HostName`.
    static func noHostName(_ text: String) -> String {
        text.contains("*")
            ? "must be an exact name: under a wildcard others could have a name of their own point "
                + "at this machine; list each name"
            : "must be a host name or an IP address (IPv6 without brackets): no scheme, no port, "
                + "no path"
    }

    /// The path of a request target: what is compared and signed byte by byte.
    static func path(_ text: String) -> String? {
        guard text.hasPrefix("/"), text.utf8.allSatisfy(isVisibleASCII),
            !text.utf8.contains(where: "?#".utf8.contains)
        else {
            return "must be a path: opens with /, visible ASCII, no ? and no #"
        }
        return nil
    }

    /// A file, which need not be there yet.
    static func file(_ text: String) -> String? {
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 || scalar.value == 0x7F }
        guard !text.isEmpty, !text.hasSuffix("/"), !text.unicodeScalars.contains(where: isControl)
        else {
            return "must be the path of a file"
        }
        return nil
    }

    /// Empty, or a folder.
    static func folder(_ text: String) -> String? {
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 || scalar.value == 0x7F }
        return text.unicodeScalars.contains(where: isControl)
            ? "must be \"\" (off) or the path of a folder" : nil
    }

    /// An identifier that travels in a header or in JSON.
    static func identifier(max: Int) -> (String) -> String? {
        { text in
            guard (1...max).contains(text.utf8.count), text.utf8.allSatisfy(isVisibleASCII) else {
                return "must be 1 to \(max) visible ASCII characters"
            }
            return nil
        }
    }

    /// Empty, or the URL of DOKU's API.
    static func baseURL(_ text: String) -> String? {
        if text.isEmpty { return nil }
        guard text.utf8.allSatisfy(isVisibleASCII), let url = URLComponents(string: text),
            url.scheme == "http" || url.scheme == "https", let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
        else {
            return "must be \"\" (off) or a URL such as https://api.doku.com: http or https, "
                + "no user, query or fragment"
        }
        guard url.scheme == "https" || isLoopback(host) else {
            return "must be an https URL: over http anyone on the network path could report a "
                + "bill as paid (only this machine itself, such as http://127.0.0.1:9000, may be http)"
        }
        return nil
    }

    /// Empty, or where alerts go. The path and the query may be the secret of the receiver.
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
            return "must be an https URL: only this machine itself, such as "
                + "http://127.0.0.1:9000/, may be http"
        }
        return nil
    }

    /// - Parameter host: a name or an address, IPv6 with or without brackets.
    package static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

// The known name that a misspelt one was probably meant to be.

/// The closest of `known`, where one is at most two letters away and less than half of the name;
/// case, `-` and `_` do not count as a difference.
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
