// Mistakes in the Digest: a hash of other bytes than received, or another encoding. Each candidate
// body is hashed once; the time to build the candidates is linear in the size of the body.

import LoketCore
import LoketJSON
import LoketSystem

extension SignedSlip {
    static func bodies(of body: [UInt8]) -> [SignedSlip] {
        var list = BodySlips(body: body)
        list.digests()
        list.edges()
        guard let root = try? StrictJSON(body, depthMax: Limits.notificationDepthMax).root else {
            return list.slips
        }
        for (mistake, what, layout) in JSONLayout.known {
            guard let bytes = layout.write(root, bytesMax: list.layoutBytesMax) else { continue }
            list.add(mistake, what, bytes)
            guard layout.mayEndLine else { continue }
            list.add(mistake, what + " The signed body also ends with a newline.", bytes + [0x0A])
        }
        return list.slips
    }
}

private struct BodySlips {
    let body: [UInt8]
    private(set) var slips: [SignedSlip] = []
    private var seen: Set<[UInt8]>

    init(body: [UInt8]) {
        self.body = body
        seen = [body]
    }

    /// The size limit of a layout: indenting deep, narrow JSON multiplies its size.
    var layoutBytesMax: Int { body.count * 8 + 4096 }

    // MARK: The digest itself

    mutating func digests() {
        let hash = SHA256Digest(of: body)
        let (text, hex) = (base64(hash), Array(hexadecimal(hash.bytes).utf8))
        digest(.digestMissing, nil, "The signed text has no `Digest` line.")
        digest(.digestHex, hex, "The signed Digest is in hexadecimal instead of Base64.")
        digest(
            .digestHex, Array(String(decoding: hex, as: UTF8.self).uppercased().utf8),
            "The signed Digest is in hexadecimal instead of Base64.")
        digest(
            .digestHexInBase64, base64(hex),
            "The signed Digest is the Base64 of the hash's hexadecimal text, not of its bytes.")
        digest(
            .digestPrefixed, Array("SHA-256=".utf8) + text,
            "The signed Digest begins with `SHA-256=`, which must be left out.")
        digest(
            .digestURLSafe, text.map(urlSafe),
            "The signed Digest is in URL-safe Base64 instead of standard Base64.")
        digest(
            .bodyForDigest, body, "The signed text contains the body itself instead of its hash.")
    }

    private mutating func digest(
        _ mistake: SignatureDiagnosis.Mistake, _ digest: [UInt8]?, _ what: String
    ) {
        slips.append(
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    mistake, what,
                    fix: "On the sender's side: sign the line `Digest:` followed by the standard "
                        + "Base64 of the 32 bytes of the body's SHA-256.")
            ) { $0.digest = digest })
    }

    private func urlSafe(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
    }

    // MARK: Changes at the ends of the body

    mutating func edges() {
        if body.last == 0x0A {
            let count = body.dropLast().last == 0x0D ? 2 : 1
            add(
                .bodyNewline,
                "The received body ends with a newline, but the signed body does not.",
                Array(body.dropLast(count)))
        }
        add(
            .bodyNewline, "The signed body ends with a newline, but the received body does not.",
            body + [0x0A])
        add(
            .bodyNewline, "The signed body ends with CR LF, but the received body does not.",
            body + [0x0D, 0x0A])
        let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let front = body.drop(while: blank.contains)
        let behind = front.reversed().prefix(while: blank.contains).count
        add(
            .bodyTrimmed,
            "The signed body lacks the white space at the start or end of the received body.",
            Array(front.dropLast(behind)))
        let plain = body.indices.filter { place in
            body[place] != 0x0D || place + 1 == body.count || body[place + 1] != 0x0A
        }.map { body[$0] }
        add(
            .bodyLineEnds, "The signed body has LF line ends, but the received body has CR LF.",
            plain)
        add(
            .bodyLineEnds, "The signed body has CR LF line ends, but the received body has LF.",
            plain.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        add(.bodyEmpty, "The signed body is empty, but the received body is not.", [])
        add(
            .bodyEmpty, "The signed body is the empty object `{}`, but the received body is not.",
            Array("{}".utf8))
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if body.starts(with: mark) {
            add(
                .bodyByteOrderMark,
                "The received body begins with a byte order mark, but the signed body does not.",
                Array(body.dropFirst(mark.count)))
        } else {
            add(
                .bodyByteOrderMark,
                "The signed body begins with a byte order mark, but the received body does not.",
                mark + body)
        }
    }

    mutating func add(_ mistake: SignatureDiagnosis.Mistake, _ what: String, _ bytes: [UInt8]) {
        guard seen.insert(bytes).inserted else { return }
        let digest = Signature.digest(of: bytes)
        slips.append(
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    mistake, what,
                    fix: "On your side, if DOKU sent the request: make the proxy in front of loket "
                        + "pass the body on unchanged. Otherwise, on the sender's side: sign "
                        + "exactly the bytes that are sent.")
            ) { $0.digest = digest })
    }
}
