// The search for the string that was signed: with one mistake, then with two of different kinds.
// It ends at the first match, because only one string has a given signature, or at its limit.

import LoketSystem

/// A string that a sender may have signed.
struct SignedText: Sendable {
    var clientID: String
    let requestID: String
    var timestamp: String
    var target: String
    /// The Digest; nil to omit its line.
    var digest: [UInt8]?
    var form = Form()

    /// The format of the lines.
    struct Form: Sendable {
        var lineEnd: [UInt8] = [0x0A]
        var ending: [UInt8] = []
        var colon = ":"
        var namesInLowerCase = false
        var timestampName = "Request-Timestamp"
        /// The order of the lines, as indexes into DOKU's order.
        var order = [0, 1, 2, 3, 4]
    }

    var bytes: [UInt8] {
        let lines: [(name: String, value: [UInt8]?)] = [
            ("Client-Id", Array(clientID.utf8)), ("Request-Id", Array(requestID.utf8)),
            (form.timestampName, Array(timestamp.utf8)),
            ("Request-Target", Array(target.utf8)), ("Digest", digest),
        ]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        for place in form.order {
            guard let value = lines[place].value else { continue }
            if !bytes.isEmpty { bytes += form.lineEnd }
            let name = lines[place].name
            bytes += (form.namesInLowerCase ? name.lowercased() : name).utf8
            bytes += form.colon.utf8
            bytes += value
        }
        return bytes + form.ending
    }
}

/// A mistake that changes the signed string.
struct SignedSlip: Sendable {
    let finding: SignatureDiagnosis.Finding
    let change: @Sendable (inout SignedText) -> Void
}

extension [SignedSlip] {
    /// Returns only the slips with the given mistakes.
    fileprivate func of(_ mistakes: SignatureDiagnosis.Mistake...) -> [SignedSlip] {
        let words = mistakes.map(\.rawValue)
        return filter { words.contains($0.finding.mistake) }
    }
}

/// A key that may have been used for the signature, and the mistake that its use would be.
struct KeySlip: Sendable {
    let finding: SignatureDiagnosis.Finding
    let key: HMACKey
    /// The Client-Id that belongs to the key; nil for the sent Client-Id.
    var clientID: String?
}

struct SignatureSearch {
    private let mac: [UInt8]
    private let right: SignedText
    private let keys: [HMACKey]
    private let keySlips: [KeySlip]
    private let paths: [SignedSlip]
    private let bodies: [SignedSlip]
    private let forms: [SignedSlip]
    private let times: [SignedSlip]
    private let clients: [SignedSlip]
    private let reach: SignatureDiagnosis.Reach
    private(set) var tried = 0

    /// - Parameters:
    ///   - owner: the account that the request names, if configured.
    ///   - others: the other accounts.
    init(
        for mac: [UInt8], lines: HeaderLines, body: [UInt8],
        at place: SignatureDiagnosis.Place, owner: SignatureDiagnosis.Signer?,
        others: [SignatureDiagnosis.Signer], reach: SignatureDiagnosis.Reach
    ) {
        self.mac = mac
        self.reach = reach
        right = SignedText(
            clientID: lines.clientID, requestID: lines.requestID, timestamp: lines.timestamp,
            target: place.signedPath, digest: Signature.digest(of: body))
        let others = others.prefix(SignatureDiagnosis.otherSignersMax)
        keys = owner?.secrets.map(\.key) ?? []
        keySlips = KeySlip.all(owner: owner, others: others, named: lines.clientID)
        paths = SignedSlip.paths(at: place, hosts: lines.hosts)
        bodies = reach == .pairs ? SignedSlip.bodies(of: body) : []
        forms = SignedSlip.forms
        times = SignedSlip.times(of: lines.timestamp)
        clients = owner == nil ? [] : SignedSlip.clients(others.map(\.clientID))
    }

    /// Returns the mistakes: empty if none, nil if no known mistake explains the signature.
    mutating func run() -> [SignatureDiagnosis.Finding]? {
        if keys.contains(where: { fits(right, $0) }) { return [] }
        let singles = paths + bodies + forms + times + clients
        for slip in singles {
            let text = changed(slip)
            if keys.contains(where: { fits(text, $0) }) { return [slip.finding] }
        }
        for slip in keySlips where fits(text(right, of: slip), slip.key) {
            return [slip.finding]
        }
        guard reach == .pairs else { return nil }
        let newlines = forms.of(.trailingNewline, .crlfLines)
        let pairs = [
            (paths, bodies), (paths, forms), (bodies, forms), (paths, times), (paths, clients),
            (bodies, clients), (bodies, times.of(.wibForUTC)), (newlines, times),
            (newlines, clients), (times, clients),
        ]
        for (some, more) in pairs {
            if let found = pair(some, more) { return found }
        }
        for slip in keySlips {
            for other in singles where fits(text(changed(other), of: slip), slip.key) {
                return [slip.finding, other.finding]
            }
        }
        return nil
    }

    private mutating func pair(
        _ some: [SignedSlip], _ more: [SignedSlip]
    ) -> [SignatureDiagnosis.Finding]? {
        for slip in some {
            for other in more {
                var text = changed(slip)
                other.change(&text)
                if keys.contains(where: { fits(text, $0) }) {
                    return [slip.finding, other.finding]
                }
            }
        }
        return nil
    }

    private mutating func fits(_ text: SignedText, _ key: HMACKey) -> Bool {
        guard tried < SignatureDiagnosis.hmacsMax else { return false }
        tried += 1
        return key.authenticate(text.bytes).bytes == mac
    }

    private func changed(_ slip: SignedSlip) -> SignedText {
        var text = right
        slip.change(&text)
        return text
    }

    private func text(_ text: SignedText, of slip: KeySlip) -> SignedText {
        var text = text
        if let clientID = slip.clientID { text.clientID = clientID }
        return text
    }
}
