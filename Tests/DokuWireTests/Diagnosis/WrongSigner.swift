// A second implementation of DOKU's five signed lines, each part of which a test can change. It
// shares only the hash with the diagnosis.

import DokuWire
import LoketSystem

struct WrongSigner {
    static let clientID = "MCH-0001"
    static let secret = "SK-example-not-a-real-key"
    static let otherID = "BRN-0002"
    static let otherSecret = "SK-of-the-other-account"
    static let signedPath = "/pay/doku/Inquiry"
    static let wirePath = "/doku/inquiry"
    static let otherPath = "/pay/doku/notification"
    static let otherWirePath = "/doku/notification"
    static let requestID = "5b8e438f-fac1-4103-9e0e-ebfdc38b5acb"
    static let timestamp = "2020-08-11T08:45:42Z"
    static let sentBody = #"{"b":"x/y é",  "a":[1, 2.50,{}],"c":[ ]}"#

    // The values that are signed; the values that are sent are above.
    var clientID = Self.clientID
    var timeName = "Request-Timestamp"
    var time = Self.timestamp
    var path = Self.signedPath
    var body = Array(Self.sentBody.utf8)
    var secret = Self.secret
    var colon = ":"
    var lineEnd = "\n"
    var end = ""
    /// Changes the finished lines.
    var lines: @Sendable ([String]) -> [String] = { $0 }
    var digest: @Sendable ([UInt8]) -> String = { text(base64(SHA256Digest(of: $0))) }
    var write: @Sendable ([UInt8]) -> String = { "HMACSHA256=" + encoded($0) }

    var signature: String {
        let all = [
            "Client-Id\(colon)\(clientID)", "Request-Id\(colon)\(Self.requestID)",
            "\(timeName)\(colon)\(time)", "Request-Target\(colon)\(path)",
            "Digest\(colon)\(digest(body))",
        ]
        let component = lines(all).joined(separator: lineEnd) + end
        return write(HMACKey(Array(secret.utf8)).authenticate(Array(component.utf8)).bytes)
    }

    /// Returns the header lines to send, with this signature.
    func headers(
        clientID: String = Self.clientID, timestamp: String = Self.timestamp
    ) -> [(name: String, value: String)] {
        [
            ("Host", "pay.example.com"), ("client-id", clientID), ("Request-Id", Self.requestID),
            ("Request-Timestamp", timestamp), ("Signature", signature),
        ]
    }

    static let place = SignatureDiagnosis.Place(
        target: wirePath, signedPath: signedPath, setting: "gateway.inquiry_signed_path",
        otherPaths: [otherPath, otherWirePath], judgesTimestamp: true)

    static let signers = [
        SignatureDiagnosis.Signer(
            clientID: clientID,
            secrets: [Secret(utf8: Array("SK-the-newest-of-two".utf8)), secretValue]),
        SignatureDiagnosis.Signer(
            clientID: otherID, secrets: [Secret(utf8: Array(otherSecret.utf8))]),
    ]

    private static let secretValue = Secret(utf8: Array(secret.utf8))

    func diagnosis(
        received: [UInt8] = Array(sentBody.utf8), clientID: String = Self.clientID,
        timestamp: String = Self.timestamp, signers: [SignatureDiagnosis.Signer] = Self.signers,
        reach: SignatureDiagnosis.Reach = .pairs
    ) -> SignatureDiagnosis {
        SignatureDiagnosis(
            headers: headers(clientID: clientID, timestamp: timestamp), body: received,
            at: Self.place, signers: signers, reach: reach)
    }

    static func encoded(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } }
        var characters: [Character] = []
        for start in stride(from: 0, to: bits.count, by: 6) {
            let six = bits[start..<min(start + 6, bits.count)]
            let value = six.reduce(0) { $0 << 1 | Int($1) } << (6 - six.count)
            characters.append(digits[value])
        }
        while !characters.count.isMultiple(of: 4) { characters.append("=") }
        return String(characters)
    }
}

private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}
