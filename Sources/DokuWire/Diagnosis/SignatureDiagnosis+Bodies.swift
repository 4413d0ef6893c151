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
            list.add(mistake, what + " A newline was added at its end.", bytes + [0x0A])
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
        digest(.digestMissing, nil, "The line with the Digest was not signed.")
        digest(.digestHex, hex, "The Digest was written in hexadecimal and not in Base64.")
        digest(
            .digestHex, Array(String(decoding: hex, as: UTF8.self).uppercased().utf8),
            "The Digest was written in hexadecimal and not in Base64.")
        digest(
            .digestHexInBase64, base64(hex),
            "The Digest was written as the Base64 of the hexadecimal text of the hash.")
        digest(
            .digestPrefixed, Array("SHA-256=".utf8) + text,
            "`SHA-256=` was written before the Digest.")
        digest(
            .digestURLSafe, text.map(urlSafe),
            "The Digest was written in the URL-safe alphabet of Base64.")
        digest(.bodyForDigest, body, "The body itself was signed in place of its hash.")
    }

    private mutating func digest(
        _ mistake: SignatureDiagnosis.Mistake, _ digest: [UInt8]?, _ what: String
    ) {
        slips.append(
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    mistake, what,
                    fix: "On the sender's side: sign `Digest:` and the standard Base64 of the "
                        + "SHA-256's 32 bytes.")
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
                .bodyNewline, "The body was signed without the newline at its end.",
                Array(body.dropLast(count)))
        }
        add(.bodyNewline, "The body was signed with a newline at its end.", body + [0x0A])
        add(.bodyNewline, "The body was signed with CR LF at its end.", body + [0x0D, 0x0A])
        let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let front = body.drop(while: blank.contains)
        let behind = front.reversed().prefix(while: blank.contains).count
        add(
            .bodyTrimmed, "The body was signed without the white space around it.",
            Array(front.dropLast(behind)))
        let plain = body.indices.filter { place in
            body[place] != 0x0D || place + 1 == body.count || body[place + 1] != 0x0A
        }.map { body[$0] }
        add(.bodyLineEnds, "The body was signed with LF where CR LF came.", plain)
        add(
            .bodyLineEnds, "The body was signed with CR LF where LF came.",
            plain.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        add(.bodyEmpty, "An empty body was signed.", [])
        add(.bodyEmpty, "An empty object was signed in place of the body.", Array("{}".utf8))
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if body.starts(with: mark) {
            add(
                .bodyByteOrderMark, "The body was signed without its byte order mark.",
                Array(body.dropFirst(mark.count)))
        } else {
            add(
                .bodyByteOrderMark, "The body was signed with a byte order mark before it.",
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
                    fix: "On your side, if DOKU sent it: let the proxy before loket pass the "
                        + "body on byte by byte. Otherwise on the sender's side: sign exactly "
                        + "the bytes that are sent.")
            ) { $0.digest = digest })
    }
}
