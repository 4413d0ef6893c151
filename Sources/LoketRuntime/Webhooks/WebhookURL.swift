// The rules for a webhook's URL, and for the addresses to which its host name leads.

import Foundation
import LoketCore

/// A URL to which events may be sent.
package struct WebhookURL: Sendable, Equatable {
    /// Why a URL or one of its addresses is refused, such as `must begin with https://`.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let text: String
    /// The host as the HTTP client reads it from the URL.
    let host: String
    private let isHTTPS: Bool
    private let allowsPrivate: Bool

    private static let setting = "webhooks.allow_private_addresses"

    /// - Parameter allowsPrivate: the setting `webhooks.allow_private_addresses`.
    package init(_ text: String, allowsPrivate: Bool) throws(Refusal) {
        guard text.utf8.count <= Limits.webhookURLMax, text.utf8.allSatisfy(Self.isAllowed),
            let url = URL(string: text), let parts = URLComponents(string: text),
            let host = url.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 443)
        else {
            throw Refusal(
                description: "must be a URL of at most \(Limits.webhookURLMax) characters, such as "
                    + "https://erp.example/loket")
        }
        guard parts.user == nil, parts.password == nil, !text.contains("@") else {
            throw Refusal(
                description: "must not have a user or a password: messages are signed instead")
        }
        guard parts.fragment == nil else {
            throw Refusal(description: "must not have a fragment (`#`), which is never sent")
        }
        let scheme = (url.scheme ?? "").lowercased()
        guard scheme == "https" || scheme == "http" && allowsPrivate else {
            throw Refusal(
                description: scheme == "http"
                    ? "must begin with https://, because over http anyone on the way can read "
                        + "customers' names; in a private network, set \(Self.setting): true"
                    : "must begin with https://")
        }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard let name = HostName(bare) else {
            throw Refusal(description: "has a host that is no host name and no IP address")
        }
        self.text = text
        self.host = bare
        self.allowsPrivate = allowsPrivate
        isHTTPS = scheme == "https"
        switch name {
        case .address(let address):
            if let reason = refusal(of: address) { throw Refusal(description: reason) }
        case .name(let name):
            guard allowsPrivate || name != "localhost" && !name.hasSuffix(".localhost") else {
                throw Refusal(description: Self.notPublic("is on this machine"))
            }
        }
    }

    /// Returns why nothing is sent to an address; nil if it may be connected to.
    func refusal(of address: NetworkAddress) -> String? {
        if address.isPublic {
            return isHTTPS
                ? nil : "leads to \(address), an address on the internet, which needs https"
        }
        return allowsPrivate
            ? nil : Self.notPublic("leads to \(address), which is not an address on the internet")
    }

    private static func notPublic(_ what: String) -> String {
        "\(what); if that is right, set \(setting): true"
    }

    /// The characters of a URL (RFC 3986).
    private static func isAllowed(_ byte: UInt8) -> Bool {
        isVisibleASCII(byte) && !#""<>\^`{|}"#.utf8.contains(byte)
    }
}
