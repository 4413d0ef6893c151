// What the gateway asks of a request's head, beyond what its decoder has checked; read once.

import LoketCore
import NIOHTTP1

struct RequestHead {
    let head: HTTPRequestHead
    /// Bytes of the body as announced; 0 where nothing is.
    private(set) var announcedLength = 0
    private var bytes: Int
    private var hosts = 0
    private var codings: [String] = []
    private var expectsContinue = false
    private var offersUpgrade = false

    /// White space after a value is not part of it (RFC 9110 §5.5); what stands before it, the
    /// decoder has dropped.
    init(_ given: HTTPRequestHead) {
        let isPadded = given.headers.contains { isBlank($0.value.utf8.last) }
        head = isPadded ? given.withoutPadding : given
        bytes = given.method.rawValue.utf8.count + given.uri.utf8.count + 12
        for (name, value) in given.headers {
            // Each line has a colon, a space and its end.
            bytes += name.utf8.count + value.utf8.count + 4
        }
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.lowercased() == "host": hosts += 1
            case 6 where name.lowercased() == "expect":
                expectsContinue = value.lowercased() == "100-continue"
            case 7 where name.lowercased() == "upgrade": offersUpgrade = true
            case 14 where name.lowercased() == "content-length":
                announcedLength = Int(value) ?? 0
            case 17 where name.lowercased() == "transfer-encoding": codings.append(value)
            default: continue
            }
        }
    }

    /// Within the bounds on fields and bytes.
    var isWithinLimits: Bool {
        head.headers.count <= Limits.headerFieldsMax && bytes <= Limits.headBytesMax
    }

    /// One in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 §3.2).
    var hasRightHost: Bool { hosts == 1 || hosts == 0 && !isCurrent }

    /// Chunks are taken apart; no other transfer coding is.
    var isCodingKnown: Bool {
        codings.isEmpty || codings.count == 1 && codings[0].lowercased() == "chunked"
    }

    /// The sender waits with its body until it is asked for it. HTTP/1.0 knows no interim
    /// answer (RFC 9110 §10.1.1).
    var waitsForConsent: Bool { expectsContinue && isCurrent }

    /// The decoder reads nothing more after a request that offers another protocol.
    var keepsAlive: Bool {
        head.isKeepAlive && isCurrent && head.method != .CONNECT && !offersUpgrade
    }

    private var isCurrent: Bool { head.version == .http1_1 }
}

private func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }

extension HTTPRequestHead {
    fileprivate var withoutPadding: HTTPRequestHead {
        var head = self
        head.headers = HTTPHeaders(
            headers.map { name, value in
                let blanks = value.utf8.reversed().prefix { isBlank($0) }.count
                return (name, String(value.utf8.dropLast(blanks)) ?? value)
            })
        return head
    }
}
