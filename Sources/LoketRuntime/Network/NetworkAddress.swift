// IP addresses, ranges of them in CIDR notation, and which client a trusted proxy speaks for.

import Foundation
import NIOCore

/// An IPv6 address, or an IPv4 address in its IPv6 form (::ffff:a.b.c.d).
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    fileprivate var high: UInt64
    fileprivate var low: UInt64

    fileprivate static let ipv4: UInt64 = 0xFFFF

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
        high = 0
        low = Self.ipv4 << 32 | UInt64(UInt32(bigEndian: address.s_addr))
    }

    private init(_ address: in6_addr) {
        (high, low) = withUnsafeBytes(of: address) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    fileprivate var isIPv4: Bool { high == 0 && low >> 32 == Self.ipv4 }

    /// What one party holds: an IPv4 address, or the 64 bits that a network of IPv6 begins with.
    package var holder: NetworkAddress {
        var holder = self
        if !isIPv4 { holder.low = 0 }
        return holder
    }

    /// As people write it (RFC 5952).
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

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        isIPv4 ? UInt8(truncatingIfNeeded: low >> 24) == 127 : high == 0 && low == 1
    }

    /// Not reached from the internet (RFC 1918, 3927, 4193, 4291, 6598).
    package var isPrivate: Bool {
        isLoopback
            || [
                "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12",
                "192.168.0.0/16", "fc00::/7", "fe80::/10",
            ].contains { AddressRange($0)?.contains(self) == true }
    }

    /// The first bits, the others zero.
    fileprivate func prefix(_ bits: Int) -> NetworkAddress {
        var prefix = self
        prefix.high &= ~(UInt64.max >> bits)
        prefix.low &= ~(UInt64.max >> max(0, bits - 64))
        return prefix
    }
}

/// `10.0.0.0/8`, `2001:db8::/32`, or one address.
package struct AddressRange: Equatable, Sendable {
    private let base: NetworkAddress
    private let bits: Int

    /// - Returns: nil if the text is not a range, or has bits set after its prefix.
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

/// Addresses whose connections carry the requests of many clients, named by `X-Forwarded-For`.
package struct TrustedProxies: Sendable {
    private static let loopback = ["127.0.0.1", "::1"].compactMap(AddressRange.init)
    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange]) {
        self.ranges = Self.loopback + ranges
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// The rightmost address that is not a trusted proxy: the client may have written those to the
    /// left of it.
    ///
    /// - Parameter fields: the values of `X-Forwarded-For`, in order.
    /// - Returns: nil where there is none, or none that can be read.
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

// The host that a request is for, as the header `Host` or a setting names it.

/// A name or an IP address.
package enum HostName: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without a dot at its end.
    case name(String)
    case address(NetworkAddress)

    package var description: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.description
        }
    }

    /// Those that always mean the machine itself.
    package var isLoopback: Bool {
        switch self {
        case .name(let name): name == "localhost"
        case .address(let address): address.isLoopback
        }
    }

    /// - Parameter text: IPv6 without brackets.
    /// - Returns: nil where it is neither name nor address.
    package init?(_ text: some StringProtocol) {
        let text = text.hasSuffix(".") ? text.dropLast() : text[...]
        if let address = NetworkAddress(text) {
            self = .address(address)
            return
        }
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel),
            // A browser takes a name that ends with a number for an address.
            labels.last?.utf8.allSatisfy(Self.isDigit) == false
        else { return nil }
        self = .name(name)
    }

    /// The host in a value of `Host`, which may be followed by a port (RFC 9110 §7.2); IPv6 without
    /// its brackets.
    ///
    /// - Returns: nil if the value is not a host, with or without a port.
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
