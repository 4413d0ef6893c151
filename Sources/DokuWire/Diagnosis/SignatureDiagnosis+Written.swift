// The formats of a signature: decodes the HMAC's 32 bytes from every format seen so far, and
// reports the fault of the format. No HMAC is computed.

import LoketJSON
import LoketSystem

struct ReceivedSignature {
    /// The 32 bytes of the HMAC.
    let mac: [UInt8]
    /// The fault of the format; nil for the right format, `HMACSHA256=` and Base64.
    let finding: SignatureDiagnosis.Finding?

    /// Returns nil if no known format yields 32 bytes.
    init?(_ text: String) {
        var rest = Array(text.utf8).filter { $0 != 0x20 }
        let prefix = Array("\(Signature.prefix)".utf8)
        let name = prefix.dropLast()
        var hasPrefix = false
        if rest.count > prefix.count,
            zip(rest, name).allSatisfy({ $0 & 0xDF == $1 & 0xDF }),
            rest[name.count] == UInt8(ascii: "=") || rest[name.count] == UInt8(ascii: ":")
        {
            hasPrefix = Array(text.utf8).starts(with: prefix)
            rest = Array(rest.dropFirst(prefix.count))
        }
        if rest.count == 64, let bytes = hexadecimalDecoded(rest) {
            mac = bytes
            finding = .written(.signatureHex, "in hexadecimal instead of Base64")
            return
        }
        let plain = rest.map { byte in
            byte == UInt8(ascii: "-")
                ? UInt8(ascii: "+") : byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte
        }
        guard let bytes = base64Decoded(plain) else { return nil }
        if bytes.count == 64, let inner = hexadecimalDecoded(bytes) {
            mac = inner
            finding = .written(
                .signatureHexInBase64,
                "as the Base64 of the HMAC's hexadecimal text instead of its bytes")
            return
        }
        guard bytes.count == SHA256Digest.byteCount else { return nil }
        mac = bytes
        if plain != rest {
            finding = .written(.signatureURLSafe, "in URL-safe Base64 instead of standard Base64")
        } else if rest.count != 44 {
            finding = .written(
                .signaturePadding, "with the wrong padding: 32 bytes in Base64 end with one `=`")
        } else if !hasPrefix || text.utf8.count != prefix.count + 44 {
            finding = .written(
                .signaturePrefix, "without the exact text `HMACSHA256=` before the Base64")
        } else {
            finding = nil
        }
    }
}

extension SignatureDiagnosis.Finding {
    fileprivate static func written(
        _ mistake: SignatureDiagnosis.Mistake, _ how: String
    ) -> SignatureDiagnosis.Finding {
        SignatureDiagnosis.Finding(
            mistake, "The signature is written \(how).",
            fix: "On the sender's side: write `HMACSHA256=` followed by the standard Base64 of "
                + "the HMAC's 32 bytes, which has 44 characters with the padding.")
    }

    static func malformedSignature(_ text: String) -> SignatureDiagnosis.Finding {
        SignatureDiagnosis.Finding(
            .signatureMalformed,
            "The header Signature has \(text.utf8.count) bytes and is not an HMAC-SHA256 in any "
                + "known form.",
            fix: "On the sender's side: write `HMACSHA256=` followed by the standard Base64 of "
                + "the HMAC's 32 bytes, which has 44 characters with the padding.")
    }
}
