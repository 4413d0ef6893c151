// IP addresses, address ranges in CIDR notation, host names, and the client of a proxied request.

import Foundation
import NIOCore

/// An IPv6 address, or an IPv4 address in its IPv6 form (::ffff:a.b.c.d).
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    private(set) var high: UInt64
    private(set) var low: UInt64

    private static let ipv4: UInt64 = 0xFFFF

    package init?(_ text: some StringProtocol) {
        var four = in_addr()
        var six = in6_addr()
        let text = String(text)
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    package init?(_ address: SocketAddress?) {
        switch address {
        case .v4(let four): self.init(four.address.sin_addr)
        case .v6(let six): self.init(six.address.sin6_addr)
        case .unixDomainSocket, nil: return nil
        }
    }

    private init(_ address: in_addr) {
        self.init(ipv4: UInt32(bigEndian: address.s_addr))
    }

    /// - Parameter ipv4: the four bytes, the first of them in the highest bits.
    init(ipv4: UInt32) {
        high = 0
        low = Self.ipv4 << 32 | UInt64(ipv4)
    }

    private init(_ address: in6_addr) {
        (high, low) = withUnsafeBytes(of: address) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    var isIPv4: Bool { high == 0 && low >> 32 == Self.ipv4 }

    /// The part of the address that identifies one party: the whole IPv4 address, or the first 64
    /// bits of an IPv6 address.
    package var holder: NetworkAddress {
        var holder = self
        if !isIPv4 { holder.low = 0 }
        return holder
    }

    /// The address as text (RFC 5952).
    package var description: String {
        if isIPv4 {
            return (0..<4).reversed().map { String(low >> ($0 * 8) & 0xFF) }
                .joined(separator: ".")
        }
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether the address is in 127.0.0.0/8 or is ::1.
    package var isLoopback: Bool {
        isIPv4 ? UInt8(truncatingIfNeeded: low >> 24) == 127 : high == 0 && low == 1
    }

    /// Whether the address is unreachable from the internet (RFC 1918, 3927, 4193, 4291, 6598).
    package var isPrivate: Bool {
        isLoopback
            || [
                "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12",
                "192.168.0.0/16", "fc00::/7", "fe80::/10",
            ].contains { AddressRange($0)?.contains(self) == true }
    }

    /// Returns the address with all bits after the first `bits` set to zero.
    fileprivate func prefix(_ bits: Int) -> NetworkAddress {
        var prefix = self
        prefix.high &= ~(UInt64.max >> bits)
        prefix.low &= ~(UInt64.max >> max(0, bits - 64))
        return prefix
    }
}

/// A range such as `10.0.0.0/8` or `2001:db8::/32`, or one address.
package struct AddressRange: Equatable, Sendable {
    private let base: NetworkAddress
    private let bits: Int

    /// Creates a range; nil if the text is not a range, or has bits set after the prefix.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = NetworkAddress(parts[0]) else { return nil }
        let before = base.isIPv4 ? 96 : 0
        var bits = 128
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let given = Int(parts[1]), (0...128 - before).contains(given)
            else { return nil }
            bits = before + given
        }
        guard base.prefix(bits) == base else { return nil }
        self.base = base
        self.bits = bits
    }

    package func contains(_ address: NetworkAddress) -> Bool { address.prefix(bits) == base }
}

/// Proxies that forward the requests of many clients and name the client in `X-Forwarded-For`.
package struct TrustedProxies: Sendable {
    private static let loopback = ["127.0.0.1", "::1"].compactMap(AddressRange.init)
    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange]) {
        self.ranges = Self.loopback + ranges
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// Returns the rightmost address that is not a trusted proxy. The client may have forged the
    /// addresses to the left of that address.
    ///
    /// - Parameter fields: the values of `X-Forwarded-For`, in order.
    /// - Returns: nil if there is none, or an entry cannot be parsed.
    package func client(in fields: [String]) -> NetworkAddress? {
        for entry in fields.joined(separator: ",").split(separator: ",").reversed() {
            guard let address = NetworkAddress(entry.trimmingCharacters(in: .whitespaces)) else {
                return nil
            }
            if !contains(address) { return address }
        }
        return nil
    }
}

// The host of a request, from the header `Host` or a setting.

/// A host name or an IP address.
package enum HostName: Hashable, Sendable, CustomStringConvertible {
    /// A name in lower case, without a dot at the end.
    case name(String)
    case address(NetworkAddress)

    package var description: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.description
        }
    }

    /// Whether the host is always the local machine.
    package var isLoopback: Bool {
        switch self {
        case .name(let name): name == "localhost"
        case .address(let address): address.isLoopback
        }
    }

    /// Creates a host; nil if the text is neither a host name nor an IP address.
    ///
    /// - Parameter text: a name or an address, IPv6 without brackets.
    package init?(_ text: some StringProtocol) {
        let text = text.hasSuffix(".") ? text.dropLast() : text[...]
        if let address = NetworkAddress(text) {
            self = .address(address)
            return
        }
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel),
            // Browsers interpret a name that ends with a number as an IP address.
            labels.last?.utf8.allSatisfy(Self.isDigit) == false
        else { return nil }
        self = .name(name)
    }

    /// Returns the host in a value of `Host`, without the port (RFC 9110 §7.2) and without the
    /// brackets of an IPv6 address; nil if the value is not a host with an optional port.
    package static func part(of authority: String) -> Substring? {
        let blanks: Set<Character> = [" ", "\t"]
        let count = authority.reversed().prefix { blanks.contains($0) }.count
        let authority = authority.dropLast(count)
        var host = authority.prefix { $0 != ":" }
        var port = authority[host.endIndex...]
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            port = authority[end...].dropFirst()
            guard host.contains(":") else { return nil }
        }
        guard port.isEmpty || port.first == ":",
            port.utf8.count <= 6, port.utf8.dropFirst().allSatisfy(isDigit)
        else { return nil }
        return host
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.utf8.count)
            && label.utf8.first != hyphen && label.utf8.last != hyphen
            && label.utf8.allSatisfy { byte in
                isDigit(byte) || (0x61...0x7A).contains(byte) || byte == hyphen
                    || byte == UInt8(ascii: "_")
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
