// The URL that is registered at DOKU, and the addresses that its name leads to.

import Foundation
import LoketRuntime
import NIOCore

struct CheckedURL {
    /// Scheme, host and port.
    let base: String
    let path: String
    let isTLS: Bool
    /// A name or an address, IPv6 without brackets.
    let host: String
    /// Where one is named.
    let port: Int?

    /// - Throws: `Failure` 2 where the text is no http or https URL.
    init(_ text: String) throws {
        (base, path) = try splitURL(text)
        let parts = URLComponents(string: base)
        isTLS = parts?.scheme == "https"
        host = (parts?.host ?? "").trimmingCharacters(in: ["[", "]"])
        port = parts?.port
        guard path != "/" else {
            throw Failure(
                .usage,
                "give the URL as it is registered at DOKU: \(base)/doku/inquiry, for example")
        }
    }

    var isAddress: Bool { NetworkAddress(host) != nil }

    // MARK: Its addresses

    func resolved() -> (isFound: Bool, entry: CheckEntry) {
        let addresses = Self.addresses(of: host)
        guard !addresses.isEmpty else {
            return (
                false,
                .problem(
                    "dns",
                    "\(host) has no address; create an A record for it, or wait until it is known")
            )
        }
        let text =
            isAddress ? host : "\(host) is \(addresses.map(\.description).joined(separator: ", "))"
        guard addresses.allSatisfy(\.isPrivate) else { return (true, .fine("dns", text)) }
        return (
            true,
            .note("dns", text + ": private, which DOKU cannot reach; look from outside as well")
        )
    }

    /// All, each once.
    private static func addresses(of host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            let code = getnameinfo(
                info.ai_addr, info.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST)
            let name = String(
                decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if code == 0, let address = NetworkAddress(name), !found.contains(address) {
                found.append(address)
            }
            next = info.ai_next
        }
        return found
    }
}
