// Which addresses are hosts of the internet: those that a webhook may connect to. Everything that
// the registries of special addresses (IANA, RFC 6890) reserve is not.

extension NetworkAddress {
    /// Whether the address can be a host of the internet. An IPv6 address that contains an IPv4
    /// address, of NAT64 or of 6to4, is judged by that.
    package var isPublic: Bool {
        if isIPv4 { return !Self.specialIPv4.contains { $0.contains(self) } }
        if let inner = embeddedIPv4 { return inner.isPublic }
        return Self.globalUnicast.contains { $0.contains(self) }
            && !Self.specialIPv6.contains { $0.contains(self) }
    }

    /// The IPv4 address in an address of NAT64 (RFC 6052) or 6to4 (RFC 3056); nil in any other.
    private var embeddedIPv4: NetworkAddress? {
        // 64:ff9b::/96
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 {
            return NetworkAddress(ipv4: UInt32(truncatingIfNeeded: low))
        }
        // 2002::/16
        if high >> 48 == 0x2002 {
            return NetworkAddress(ipv4: UInt32(truncatingIfNeeded: high >> 16))
        }
        return nil
    }

    private static let specialIPv4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap(AddressRange.init)

    /// No other IPv6 address is assigned to hosts of the internet.
    private static let globalUnicast = ["2000::/3"].compactMap(AddressRange.init)

    /// Protocols such as Teredo, and documentation.
    private static let specialIPv6 = ["2001::/23", "2001:db8::/32", "3fff::/20"]
        .compactMap(AddressRange.init)
}
