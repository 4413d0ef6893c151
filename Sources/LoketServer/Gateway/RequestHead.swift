// What the gateway asks of a request's head, beyond what its decoder has checked.

import LoketCore
import NIOHTTP1

extension HTTPRequestHead {
    /// Within the bounds on fields and bytes; each line has a colon, a space and its end.
    var isWithinLimits: Bool {
        guard headers.count <= Limits.headerFieldsMax else { return false }
        let requestLine = method.rawValue.utf8.count + uri.utf8.count + 12
        let bytes = headers.reduce(requestLine) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + 4
        }
        return bytes <= Limits.headBytesMax
    }

    /// Bytes of the body as announced; 0 where nothing is.
    var announcedLength: Int {
        headers.first(name: "content-length").flatMap(Int.init) ?? 0
    }

    /// The sender holds his body back until we say that we want it.
    var waitsForConsent: Bool { headers.contains(name: "expect") }

    /// The decoder reads nothing more behind a request that offers another protocol.
    var keepsAlive: Bool {
        isKeepAlive && version == .http1_1 && method != .CONNECT
            && !headers.contains(name: "upgrade")
    }
}
