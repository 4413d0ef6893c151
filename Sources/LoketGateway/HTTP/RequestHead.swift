// The gateway's requirements on a request's head beyond the decoder's checks; the head is read
// once.

import DokuWire
import LoketCore
import NIOHTTP1

struct RequestHead {
    let head: HTTPRequestHead
    /// The announced length of the body in bytes; 0 if none is announced.
    private(set) var announcedLength = 0
    private var bytes: Int
    private var hosts = 0
    private var codings: [String] = []
    private var expectsContinue = false
    private var offersUpgrade = false

    /// Removes the white space after each value, which is not part of the value (RFC 9110 §5.5);
    /// the decoder has removed the white space before each value.
    init(_ given: HTTPRequestHead) {
        bytes = given.method.rawValue.utf8.count + given.uri.utf8.count + 12
        var isPadded = false
        for (name, sent) in given.headers {
            // Each line also has a colon, a space and a line end.
            bytes += name.utf8.count + sent.utf8.count + 4
            let value = withoutPadding(sent)
            isPadded = isPadded || value.utf8.count < sent.utf8.count
            switch name.utf8.count {
            case 4 where equalWithoutCase(name, "host"): hosts += 1
            case 6 where equalWithoutCase(name, "expect"):
                expectsContinue = value.lowercased() == "100-continue"
            case 7 where equalWithoutCase(name, "upgrade"): offersUpgrade = true
            case 14 where equalWithoutCase(name, "content-length"):
                announcedLength = Int(value) ?? 0
            case 17 where equalWithoutCase(name, "transfer-encoding"): codings.append(value)
            default: continue
            }
        }
        head = isPadded ? given.withoutPadding : given
    }

    /// Whether the fields and bytes are within the limits.
    var isWithinLimits: Bool {
        head.headers.count <= Limits.headerFieldsMax && bytes <= Limits.headBytesMax
    }

    /// One Host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 §3.2).
    var hasRightHost: Bool { hosts == 1 || hosts == 0 && !isCurrent }

    /// Whether the transfer coding is supported: only chunked is.
    var isCodingKnown: Bool {
        codings.isEmpty || codings.count == 1 && codings[0].lowercased() == "chunked"
    }

    /// Whether the sender waits for `100 Continue` before it sends the body. HTTP/1.0 has no
    /// interim response (RFC 9110 §10.1.1).
    var waitsForConsent: Bool { expectsContinue && isCurrent }

    /// Whether the connection stays open. After an offer of another protocol the decoder stops.
    var keepsAlive: Bool {
        head.isKeepAlive && isCurrent && head.method != .CONNECT && !offersUpgrade
    }

    private var isCurrent: Bool { head.version == .http1_1 }
}

private func withoutPadding(_ value: String) -> String {
    let blanks = value.utf8.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    return blanks == 0 ? value : String(value.utf8.dropLast(blanks)) ?? value
}

extension HTTPRequestHead {
    fileprivate var withoutPadding: HTTPRequestHead {
        var head = self
        head.headers = HTTPHeaders(
            headers.map { ($0.name, LoketGateway.withoutPadding($0.value)) })
        return head
    }
}
