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
            // What ends with a number is an address to a browser, and this is none.
            labels.last?.utf8.allSatisfy(Self.isDigit) == false
        else { return nil }
        self = .name(name)
    }

    /// The host in a value of `Host`, which may have a port behind it (RFC 9110 §7.2); IPv6 without
    /// its brackets.
    ///
    /// - Returns: nil where the value is no host with or without a port.
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
