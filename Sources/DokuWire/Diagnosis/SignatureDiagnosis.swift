// Finds the mistake that explains a wrong signature. For the merchant only, and offline: no clock,
// no file, no network. A limited set of known mistakes is tried, singly and then in pairs, until a
// string reproduces the received signature. The result contains no right signature and no secret.
//
// SignatureSearch performs the search; the files named +… define the mistakes.

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

    /// The path at which the request arrived, and the settings for it.
    package struct Place: Sendable {
        /// The request target as received.
        let target: String
        /// The path that should be signed.
        package let signedPath: String
        /// The name of the setting that contains the path.
        package let setting: String
        /// The paths of the other route: as received and as signed.
        let otherPaths: [String]
        /// Whether the timestamp's form is checked; a notification's may have any form.
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

    /// The extent of the search.
    package enum Reach: Sendable {
        /// Every known mistake, singly and in pairs.
        case pairs
        /// One mistake, not in the body: some 200 HMACs of a few hundred bytes, independent of the
        /// body's size.
        case oneOutsideBody
    }

    /// One mistake or fault.
    package struct Finding: Sendable, Equatable {
        /// The stable identifier of the mistake.
        package let mistake: String
        /// A sentence that describes the mistake.
        package let detail: String
        /// The remedy, and the side (sender or merchant) that has to apply it.
        package let fix: String

        package init(mistake: String, detail: String, fix: String) {
            self.mistake = mistake
            self.detail = detail
            self.fix = fix
        }
    }

    /// The reason why the request does not verify under these settings; nil if it verifies.
    package let rejection: WireRejection?
    /// The faults of the header lines, and the mistakes that explain the received signature.
    package let findings: [Finding]
    /// Whether no known mistake explains the received signature: something is wrong in addition to
    /// any header faults in the findings.
    package let isUnexplained: Bool
    /// The number of HMACs computed, at most `hmacsMax`.
    package let tried: Int

    /// The mistake of a sender that has a configured secret; nil if the request verifies or does
    /// not show that its sender has a secret.
    package var mistakeOfSigner: String? {
        tried == 0 || isUnexplained ? nil : findings.last?.mistake
    }

    /// The maximum number of HMACs, about ten milliseconds: sufficient for every single mistake
    /// and, for one account and a body in DOKU's format, for every pair that is tried.
    package static let hmacsMax = 5_000
    /// The number of accounts, other than the named account, whose secrets are tried.
    package static let otherSignersMax = 8

    /// - Parameters:
    ///   - headers: the header lines as received.
    ///   - body: the exact bytes received.
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
        // If no HMAC matched, the format's apparent fault may be chance.
        if made != nil { findings += [received.finding].compactMap(\.self) }
        findings += made ?? []
        rejection = WireRejection.allCases.first(where: faults.contains)
        self.findings = findings
        isUnexplained = made == nil
        tried = search.tried
    }
}

/// The values of the four headers; a repeated header has several.
struct HeaderLines: Sendable {
    private var clients: [String] = []
    private var requests: [String] = []
    private var times: [String] = []
    private var signatures: [String] = []
    /// The host names that a full URL may contain.
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

    /// The faults of the headers that make a computation impossible.
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
