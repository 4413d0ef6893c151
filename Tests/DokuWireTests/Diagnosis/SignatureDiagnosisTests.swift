// Each intentional mistake is found by its word, alone and in pairs, within the bound, and no
// message contains data that would permit signing.

import DokuWire
import TestSupport
import Testing

struct SignatureDiagnosisTests {
    private func words(_ diagnosis: SignatureDiagnosis) -> [String] {
        diagnosis.findings.map(\.mistake)
    }

    @Test(arguments: MadeMistake.all.indices)
    func `an intentional mistake is found by its word`(_ index: Int) {
        let mistake = MadeMistake.all[index]
        var signer = WrongSigner()
        mistake.make(&signer)
        let diagnosis = signer.diagnosis()
        #expect(words(diagnosis) == [mistake.word.rawValue])
        #expect(diagnosis.rejection == .signatureWrong)
        #expect(diagnosis.tried <= SignatureDiagnosis.hmacsMax)
        for finding in diagnosis.findings {
            #expect(finding.detail.hasSuffix("."))
            #expect(finding.fix.contains("side"), "\(finding)")
        }
    }

    /// The other mistakes apply only to certain bodies and paths.
    @Test func `every word of a mistake is covered here`() {
        let elsewhere: Set<SignatureDiagnosis.Mistake> = [
            .queryInPath, .bodyTrimmed, .bodyLineEnds, .bodyHTMLEscaped,
        ]
        let made = Set(MadeMistake.all.map(\.word)).union(elsewhere)
        #expect(made == Set(SignatureDiagnosis.Mistake.allCases))
    }

    struct SentBody: Sendable {
        let word: SignatureDiagnosis.Mistake
        let sent: String
        let signed: String
    }

    @Test(arguments: [
        SentBody(word: .bodyNewline, sent: "{}\n", signed: "{}"),
        SentBody(word: .bodyNewline, sent: "no JSON\r\n", signed: "no JSON"),
        SentBody(word: .bodyTrimmed, sent: " \n{} \n\n", signed: "{}"),
        SentBody(word: .bodyLineEnds, sent: "[\n1]", signed: "[\r\n1]"),
        SentBody(word: .bodyLineEnds, sent: "[\r\n1,\r2]", signed: "[\n1,\r2]"),
        SentBody(word: .bodyByteOrderMark, sent: "\u{FEFF}[1]", signed: "[1]"),
        SentBody(
            word: .bodyReserialised, sent: #"{"a":150000.00,"b":1e3}"#,
            signed: #"{"a":150000,"b":1000}"#),
        SentBody(
            word: .bodySlashesEscaped, sent: "{\"a\":\"\u{1F600}/\\n\"}",
            signed: #"{"a":"\ud83d\ude00\/\n"}"#),
        SentBody(
            word: .bodyHTMLEscaped, sent: #"{"b":"A & B <c>","a":1}"#,
            signed: #"{"b":"A \u0026 B \u003cc\u003e","a":1}"#),
        SentBody(
            word: .bodyHTMLEscaped, sent: #"{"b":"A & B <c>","a":1}"#,
            signed: #"{"a":1,"b":"A \u0026 B \u003cc\u003e"}"#),
        SentBody(
            word: .bodyKeysSorted, sent: #"{"b":1,"a":2}"#, signed: #"{"a":2,"b":1}"#),
        SentBody(
            word: .bodyKeysSorted, sent: #"{"b":1,"a":2}"#,
            signed: "{\n  \"a\": 2,\n  \"b\": 1\n}\n"),
    ])
    func `a signature of another body than the received one is reported`(_ body: SentBody) {
        var signer = WrongSigner()
        signer.body = Array(body.signed.utf8)
        let diagnosis = signer.diagnosis(received: Array(body.sent.utf8))
        #expect(words(diagnosis) == [body.word.rawValue])
    }

    @Test func `a path without its query is reported`() {
        var signer = WrongSigner()
        signer.path = "/pay"
        let place = SignatureDiagnosis.Place(
            target: "/pay?a=1", signedPath: "/pay?a=1", setting: "gateway.inquiry_signed_path",
            otherPaths: [], judgesTimestamp: true)
        let diagnosis = SignatureDiagnosis(
            headers: signer.headers(), body: Array(WrongSigner.sentBody.utf8), at: place,
            signers: WrongSigner.signers)
        #expect(words(diagnosis) == ["query_in_path"])
    }

    @Test func `two mistakes of different kinds are found together`() {
        let kinds = [
            MadeMistake.paths[3], MadeMistake.lines[0], MadeMistake.bodies[10],
            MadeMistake.signers[3], MadeMistake.written[2],
        ]
        for (place, first) in kinds.enumerated() {
            for second in kinds[(place + 1)...] {
                var signer = WrongSigner()
                first.make(&signer)
                second.make(&signer)
                let found = Set(words(signer.diagnosis()))
                #expect(found == [first.word.rawValue, second.word.rawValue])
            }
        }
    }

    @Test func `two mistakes that often occur together are found together`() {
        let wib = MadeMistake.times[0]
        let pairs =
            MadeMistake.bodies.map { ($0, wib) } + [(MadeMistake.bodies[2], MadeMistake.times[1])]
            + MadeMistake.lines[..<3].flatMap { line in
                MadeMistake.times.map { (line, $0) } + [(line, MadeMistake.signers[0])]
            }
            + MadeMistake.times.map { ($0, MadeMistake.signers[0]) }
        for (first, second) in pairs {
            var signer = WrongSigner()
            first.make(&signer)
            second.make(&signer)
            let diagnosis = signer.diagnosis()
            #expect(Set(words(diagnosis)) == [first.word.rawValue, second.word.rawValue])
            #expect(!diagnosis.isUnexplained)
        }
    }

    @Test func `a correct signature has no finding`() {
        let diagnosis = WrongSigner().diagnosis()
        #expect(diagnosis.rejection == nil)
        #expect(!diagnosis.isUnexplained)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.tried == 2)
    }

    @Test func `an unknown Client-Id is reported, with the account of the secret`() {
        var signer = WrongSigner()
        signer.clientID = "MCH-0009"
        let known = signer.diagnosis(clientID: "MCH-0009")
        #expect(known.rejection == .clientIDUnknown)
        #expect(words(known) == [WireRejection.clientIDUnknown.rawValue])
        #expect(known.findings.first?.detail.contains(WrongSigner.clientID) == true)
        signer.secret = "SK-of-nobody-at-all"
        let unknown = signer.diagnosis(clientID: "MCH-0009")
        #expect(unknown.rejection == .clientIDUnknown)
        #expect(words(unknown) == [WireRejection.clientIDUnknown.rawValue])
    }

    @Test func `a time in another form is reported along with a mistake`() {
        var signer = WrongSigner()
        signer.time = "2020-08-11T15:45:42+07:00"
        let form = signer.diagnosis(timestamp: signer.time)
        #expect(form.rejection == .timestampMalformed)
        #expect(words(form) == [WireRejection.timestampMalformed.rawValue])
        signer.end = "\n"
        #expect(
            words(signer.diagnosis(timestamp: signer.time))
                == [WireRejection.timestampMalformed.rawValue, "trailing_newline"])
    }

    @Test func `missing or repeated header lines are reported without a search`() {
        let fields = WrongSigner().headers()
        for (place, field) in fields.enumerated() where place > 0 {
            var fewer = fields
            fewer.remove(at: place)
            for (lines, end) in [(fewer, "missing"), (fields + [field], "twice")] {
                let diagnosis = SignatureDiagnosis(
                    headers: lines, body: [], at: WrongSigner.place, signers: WrongSigner.signers)
                #expect(diagnosis.rejection?.rawValue.hasSuffix(end) == true)
                #expect(words(diagnosis) == [diagnosis.rejection?.rawValue])
                #expect(diagnosis.tried == 0)
            }
        }
    }

    @Test func `an unknown mistake is unexplained, whatever else is found`() {
        var signer = WrongSigner()
        signer.time = "yesterday"
        #expect(!signer.diagnosis(timestamp: signer.time).isUnexplained)
        signer.secret = "SK-of-nobody-at-all"
        #expect(signer.diagnosis().isUnexplained)
        let diagnosis = signer.diagnosis(timestamp: "yesterday")
        #expect(diagnosis.isUnexplained)
        #expect(words(diagnosis) == [WireRejection.timestampMalformed.rawValue])
        #expect(signer.diagnosis(clientID: "MCH-0009").isUnexplained)
        signer.write = { _ in "let me in" }
        #expect(!signer.diagnosis().isUnexplained)
    }

    // MARK: The bound

    @Test func `the mistakes and pairs of one account are within the bound`() {
        var signer = WrongSigner()
        signer.secret = "SK-of-nobody-at-all"
        let diagnosis = signer.diagnosis(signers: Array(WrongSigner.signers.prefix(1)))
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.rejection == .signatureWrong)
        #expect(diagnosis.tried > 2_000)
        #expect(diagnosis.tried < SignatureDiagnosis.hmacsMax)
    }

    @Test func `many accounts and a large deep body stay within the bound`() {
        let many = (0..<40).map { place in
            SignatureDiagnosis.Signer(
                clientID: place == 7 ? WrongSigner.clientID : "MCH-1\(place)",
                secrets: (0..<2).map { Secret(utf8: Array("SK-number-\(place)-\($0)".utf8)) })
        }
        let deep = String(repeating: "[", count: 60)
        let wide = (0..<20_000).map { _ in "1" }.joined(separator: ",")
        let body = deep + wide + String(repeating: "]", count: 60)
        let diagnosis = WrongSigner().diagnosis(received: Array(body.utf8), signers: many)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.tried == SignatureDiagnosis.hmacsMax)
    }

    @Test func `a short search finds each mistake outside the body, and no forgery`() {
        for mistake in MadeMistake.all {
            var signer = WrongSigner()
            mistake.make(&signer)
            let diagnosis = signer.diagnosis(reach: .oneOutsideBody)
            let word = mistake.word.rawValue
            let isFound = !["body", "digest", "signature_malformed"].contains(where: word.hasPrefix)
            #expect(diagnosis.mistakeOfSigner == (isFound ? word : nil), "\(word)")
        }
        let many =
            WrongSigner.signers
            + (0..<40).map { place in
                SignatureDiagnosis.Signer(
                    clientID: "MCH-1\(place)",
                    secrets: (0..<2).map { Secret(utf8: Array("SK-number-\(place)-\($0)".utf8)) })
            }
        var forger = WrongSigner()
        forger.secret = "SK-of-nobody-at-all"
        let diagnosis = forger.diagnosis(signers: many, reach: .oneOutsideBody)
        #expect(diagnosis.mistakeOfSigner == nil)
        #expect((100..<200).contains(diagnosis.tried))
        forger.write = { _ in "let me in" }
        #expect(forger.diagnosis(reach: .oneOutsideBody).mistakeOfSigner == nil)
        #expect(WrongSigner().diagnosis(reach: .oneOutsideBody).mistakeOfSigner == nil)
    }

    // MARK: What is never reported

    @Test func `no report contains an expected signature or a secret`() {
        let right = WrongSigner()
        let mac = String(right.signature.dropFirst("HMACSHA256=".count))
        for mistake in MadeMistake.all {
            var signer = WrongSigner()
            mistake.make(&signer)
            let diagnosis = signer.diagnosis()
            var said = ""
            dump(diagnosis, to: &said)
            said += "\(diagnosis) \(String(reflecting: diagnosis.findings))"
            for secret in [mac, urlSafe(mac), WrongSigner.secret, WrongSigner.otherSecret] {
                #expect(!said.contains(secret), "\(mistake.word)")
            }
            #expect(!said.contains(String(mac.dropLast())), "\(mistake.word)")
        }
    }
}
