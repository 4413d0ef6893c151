// Which mistake makes the signature that came? For the merchant alone, offline: no clock, no file,
// no network. A bounded set of known mistakes is tried, one at a time and then in pairs, until one
// reproduces what was received. What comes out never holds an expected signature or a secret.
//
// SignatureSearch searches the set; the files named +… hold the mistakes.

import LoketCore

package struct SignatureDiagnosis: Sendable {
    /// A configured account.
    package struct Signer: Sendable {
        let clientID: String
        let secrets: [Secret]

        package init(clientID: String, secrets: [Secret]) {
            self.clientID = clientID
            self.secrets = secrets
        }
    }

    /// Where the request came in, and what is configured for it.
    package struct Place: Sendable {
        /// The raw target on the wire.
        let target: String
        /// What should be signed there.
        package let signedPath: String
        /// Name of the setting that holds it.
        package let setting: String
        /// The paths of the other route, on the wire and as signed.
        let otherPaths: [String]
        /// A notification may have a timestamp of any form.
        let judgesTimestamp: Bool

        package init(
            target: String, signedPath: String, setting: String, otherPaths: [String],
            judgesTimestamp: Bool
        ) {
            self.target = target
            self.signedPath = signedPath
            self.setting = setting
            self.otherPaths = otherPaths
            self.judgesTimestamp = judgesTimestamp
        }
    }

    /// How far the search goes.
    package enum Reach: Sendable {
        /// Every known mistake, alone and in pairs.
        case pairs
        /// One mistake, and none in the body: some 200 HMACs of a few hundred bytes, whatever the
        /// body holds.
        case oneOutsideBody
    }

    /// One thing that was done wrong.
    package struct Finding: Sendable, Equatable {
        /// A stable word for it.
        package let mistake: String
        /// What was done, in a sentence.
        package let detail: String
        /// What to do about it, and on whose side.
        package let fix: String

        package init(mistake: String, detail: String, fix: String) {
            self.mistake = mistake
            self.detail = detail
            self.fix = fix
        }
    }

    /// Why it does not verify under these settings; nil: it does.
    package let rejection: WireRejection?
    /// What is wrong with the header lines, and the mistakes that give the signature that came.
    package let findings: [Finding]
    /// No known mistake gives the signature that came: whatever the findings report about header lines,
    /// something else is wrong beside it.
    package let isUnexplained: Bool
    /// HMACs that were computed, at most `hmacsMax`.
    package let tried: Int

    /// The mistake of a sender who has a configured secret; nil: the request does not show that
    /// its sender has one, or it verifies.
    package var mistakeOfSigner: String? {
        tried == 0 || isUnexplained ? nil : findings.last?.mistake
    }

    /// Ten milliseconds' worth. Every single mistake is within and, for one account and a body as
    /// DOKU writes it, every pair that is tried.
    package static let hmacsMax = 5_000
    /// Accounts beside the one named whose secrets are tried.
    package static let otherSignersMax = 8

    /// - Parameters:
    ///   - headers: the header lines as they came.
    ///   - body: the exact bytes.
    package init(
        headers: [(name: String, value: String)], body: [UInt8], at place: Place,
        signers: [Signer], reach: Reach = .pairs
    ) {
        let lines = HeaderLines(headers)
        let unusable = lines.unusable
        guard unusable.isEmpty else {
            rejection = unusable.first
            findings = unusable.map(Finding.init)
            isUnexplained = false
            tried = 0
            return
        }
        var faults = lines.malformed
        let owner = signers.first { $0.clientID == lines.clientID }
        if owner == nil { faults.append(.clientIDUnknown) }
        if place.judgesTimestamp, Moment(dokuTimestamp: lines.timestamp) == nil {
            faults.append(.timestampMalformed)
        }
        var findings = faults.filter { $0 != .clientIDUnknown }.map(Finding.init)

        guard let received = ReceivedSignature(lines.signature) else {
            if owner == nil { findings.append(Finding(.clientIDUnknown)) }
            findings.append(.malformedSignature(lines.signature))
            rejection = (faults + [.signatureWrong]).first
            self.findings = findings
            isUnexplained = false
            tried = 0
            return
        }
        var search = SignatureSearch(
            for: received.mac, lines: lines, body: body, at: place, owner: owner,
            others: signers.filter { $0.clientID != lines.clientID }, reach: reach)
        let made = search.run()
        if made == nil || received.finding != nil || made?.isEmpty == false {
            faults.append(.signatureWrong)
        }
        if made == nil, owner == nil { findings.append(Finding(.clientIDUnknown)) }
        // A form that came out of no HMAC of ours may be what it is by chance.
        if made != nil { findings += [received.finding].compactMap(\.self) }
        findings += made ?? []
        rejection = WireRejection.allCases.first(where: faults.contains)
        self.findings = findings
        isUnexplained = made == nil
        tried = search.tried
    }
}

/// The four header lines, each as often as it came.
struct HeaderLines: Sendable {
    private var clients: [String] = []
    private var requests: [String] = []
    private var times: [String] = []
    private var signatures: [String] = []
    /// What a full URL may have been made of.
    private(set) var hosts: [String] = []

    init(_ headers: [(name: String, value: String)]) {
        for (name, value) in headers {
            switch name.lowercased() {
            case "client-id": clients.append(value)
            case "request-id": requests.append(value)
            case "request-timestamp": times.append(value)
            case "signature": signatures.append(value)
            case "host", "x-forwarded-host": hosts.append(value)
            default: continue
            }
        }
    }

    var clientID: String { clients.first ?? "" }
    var requestID: String { requests.first ?? "" }
    var timestamp: String { times.first ?? "" }
    var signature: String { signatures.first ?? "" }

    /// What keeps anything from being computed.
    var unusable: [WireRejection] {
        func fault(
            _ values: [String], _ missing: WireRejection, _ twice: WireRejection
        ) -> WireRejection? {
            if values.count > 1 { return twice }
            return values.first?.isEmpty == false ? nil : missing
        }
        return [
            fault(clients, .clientIDMissing, .clientIDTwice),
            fault(requests, .requestIDMissing, .requestIDTwice),
            fault(times, .timestampMissing, .timestampTwice),
            fault(signatures, .signatureMissing, .signatureTwice),
        ].compactMap(\.self)
    }

    var malformed: [WireRejection] {
        var faults: [WireRejection] = []
        if !isIdentifier(clientID) { faults.append(.clientIDMalformed) }
        if !isIdentifier(requestID) { faults.append(.requestIDMalformed) }
        return faults
    }
}
