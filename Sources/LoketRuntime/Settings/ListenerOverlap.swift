// Whether two listeners would want the same socket. The system would say so too, but only to the
// second of them, and after the first is already answering.

import Foundation

extension Settings.Listener {
    /// The same port (0 is always another) on addresses that overlap.
    func overlaps(_ other: Settings.Listener) -> Bool {
        guard port == other.port, port != 0 else { return false }
        let mine = Address(host)
        let theirs = Address(other.host)
        return mine.covers(theirs) || theirs.covers(mine)
    }

    private enum Address: Equatable {
        case v4([UInt8])
        case v6([UInt8])
        case name(String)

        init(_ host: String) {
            if let bytes = Self.parsed(host, family: AF_INET, count: 4) {
                self = .v4(bytes)
            } else if let bytes = Self.parsed(host, family: AF_INET6, count: 16) {
                self = .v6(bytes)
            } else {
                self = .name(host.lowercased())
            }
        }

        /// Equal, or a wildcard that takes the other in. `::` takes IPv4 too.
        func covers(_ other: Address) -> Bool {
            if self == other { return true }
            switch (self, other) {
            case (.v6(let bytes), _) where bytes.allSatisfy({ $0 == 0 }): return true
            case (.v4(let bytes), .v4), (.v4(let bytes), .name):
                if bytes.allSatisfy({ $0 == 0 }) { return true }
                return other == .name("localhost") && bytes == [127, 0, 0, 1]
            case (.v6(let bytes), .name("localhost")):
                return bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
            default: return false
            }
        }

        private static func parsed(_ host: String, family: CInt, count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return inet_pton(family, host, &bytes) == 1 ? bytes : nil
        }
    }
}
