// Mistakes in the format of the signed lines, in the time, and in the signer's identity.

import LoketCore

extension SignedSlip {
    static let forms: [SignedSlip] = [
        form(.trailingNewline, "A newline was added after the last line.") {
            $0.ending = [0x0A]
        },
        form(.crlfLines, "The lines were joined by CR LF.") { $0.lineEnd = [0x0D, 0x0A] },
        form(.crlfLines, "The lines were joined by CR LF, one at the end too.") {
            $0.lineEnd = [0x0D, 0x0A]
            $0.ending = [0x0D, 0x0A]
        },
        form(
            .literalLineFeeds,
            "The lines were joined by a backslash and an n, as some quotes of a language keep them."
        ) { $0.lineEnd = Array(#"\n"#.utf8) },
        form(.linesJoined, "The lines were joined without anything between them.") {
            $0.lineEnd = []
        },
        form(.spaceAfterColon, "A space was signed after each colon.") { $0.colon = ": " },
        form(.namesLowerCase, "The names of the lines were signed in lower case.") {
            $0.namesInLowerCase = true
        },
        form(.lineOrder, "The lines were signed in the order of the alphabet.") {
            $0.order = [0, 4, 1, 3, 2]
        },
        form(.lineOrder, "The Digest was signed before the Request-Target.") {
            $0.order = [0, 1, 2, 4, 3]
        },
        form(.responseTimestampName, "The time was signed under Response-Timestamp.") {
            $0.timestampName = "Response-Timestamp"
        },
    ]

    private static func form(
        _ mistake: SignatureDiagnosis.Mistake, _ what: String,
        _ change: @escaping @Sendable (inout SignedText.Form) -> Void
    ) -> SignedSlip {
        SignedSlip(
            finding: SignatureDiagnosis.Finding(
                mistake, what,
                fix: "On the sender's side: sign Client-Id, Request-Id, Request-Timestamp, "
                    + "Request-Target and Digest in this order, `Name:value`, joined by one LF, "
                    + "with none at the end.")
        ) { change(&$0.form) }
    }

    // MARK: The time

    /// Other formats of the sent time, and times that differ by seven hours or by a second.
    static func times(of sent: String) -> [SignedSlip] {
        var seen: Set = [sent]
        var slips: [SignedSlip] = []
        func add(_ mistake: SignatureDiagnosis.Mistake, _ text: String, _ what: String) {
            guard seen.insert(text).inserted else { return }
            slips.append(
                SignedSlip(
                    finding: SignatureDiagnosis.Finding(
                        mistake, what,
                        fix: "On the sender's side: make the time once, in UTC, as "
                            + "2020-08-11T08:45:42Z, and sign the text that is sent.")
                ) { $0.timestamp = text })
        }
        let bare = sent.hasSuffix("Z") ? String(sent.dropLast()) : sent
        if let moment = Moment(rfc3339: sent) {
            let hours = Moment.wibSeconds * 1000
            let (ahead, behind) = (
                moment.adding(milliseconds: hours), moment.adding(milliseconds: -hours)
            )
            add(
                .wibForUTC, ahead.utcText,
                "The time signed is WIB with a Z: 7 hours ahead of the one sent.")
            add(
                .wibForUTC, behind.utcText,
                "The time signed is 7 hours behind the one sent: WIB was sent with a Z, or taken "
                    + "off twice.")
            add(
                .timestampMilliseconds, moment.utcText, "The time was signed without milliseconds.")
            add(
                .timestampMilliseconds, moment.utcMillisecondText,
                "The time was signed with milliseconds.")
            add(.timestampZone, moment.wibText, "The time was signed in WIB with its +07:00.")
            for second in [-1, 1] as [Int64] {
                add(
                    .timestampTakenTwice, moment.adding(milliseconds: second * 1000).utcText,
                    "The time signed is a second from the one sent: the clock was asked twice.")
            }
            add(
                .timestampEpoch, String(moment.seconds),
                "The time was signed as seconds since 1970.")
            add(
                .timestampEpoch, String(moment.milliseconds),
                "The time was signed as milliseconds since 1970.")
            for text in [moment.utcText, ahead.utcText] {
                add(
                    .timestampCompact, text.filter(\.isNumber),
                    "The time was signed in the form 20200811084542.")
            }
        }
        add(.timestampZone, bare + "+07:00", "The time was signed with +07:00 in place of Z.")
        add(.timestampZone, bare + "+00:00", "The time was signed with +00:00 in place of Z.")
        add(.timestampZone, bare, "The time was signed without its Z.")
        return slips
    }

    // MARK: The signer

    static func clients(_ others: [String]) -> [SignedSlip] {
        others.map { clientID in
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    .otherClientID,
                    "The Client-Id signed is `\(clientID)`, which is not the one in the header.",
                    fix: "On the sender's side: sign the Client-Id that is sent.")
            ) { $0.clientID = clientID }
        }
    }
}

extension KeySlip {
    /// - Parameter named: the Client-Id in the request.
    static func all(
        owner: SignatureDiagnosis.Signer?, others: some Sequence<SignatureDiagnosis.Signer>,
        named: String
    ) -> [KeySlip] {
        var slips: [KeySlip] = []
        for other in others {
            let id = other.clientID
            let secret: SignatureDiagnosis.Finding =
                owner == nil
                ? SignatureDiagnosis.Finding(
                    mistake: WireRejection.clientIDUnknown.rawValue,
                    detail: "The Client-Id `\(named)` is not configured, and the secret that "
                        + "signed is the one of `\(id)`.",
                    fix: "On your side: correct the `client_id` of that account in the settings "
                        + "if `\(named)` is the right one. Else on the sender's side: send "
                        + "`\(id)`.")
                : SignatureDiagnosis.Finding(
                    .secretOfOtherAccount,
                    "The secret that signed is configured for `\(id)`, not for `\(named)`.",
                    fix: "On your side: give each account its own secret in the settings, if "
                        + "they have been exchanged there. Else on the sender's side: sign with "
                        + "the secret of `\(named)`.")
            let account = SignatureDiagnosis.Finding(
                .otherAccount,
                "Secret and Client-Id that signed are those of `\(id)`; the header says "
                    + "`\(named)`.",
                fix: "On the sender's side: send the Client-Id of the account that signs. On "
                    + "yours: keep a proxy in front from changing it.")
            for key in other.secrets.map(\.key) {
                slips.append(KeySlip(finding: secret, key: key))
                slips.append(KeySlip(finding: account, key: key, clientID: id))
            }
        }
        for (slip, key) in owner?.secrets.flatMap(\.slips) ?? [] {
            slips.append(KeySlip(finding: slip.finding, key: key))
        }
        return slips
    }
}

extension SecretSlip {
    fileprivate var finding: SignatureDiagnosis.Finding {
        let (mistake, what): (SignatureDiagnosis.Mistake, String) =
            switch self {
            case .newline: (.secretNewline, "a newline at its end")
            case .carriageReturn: (.secretNewline, "CR LF at its end")
            case .spaceBehind: (.secretSpace, "a space at its end")
            case .spaceBefore: (.secretSpace, "a space at its beginning")
            case .quoted: (.secretQuoted, "quotes around it")
            }
        return SignatureDiagnosis.Finding(
            mistake, "The configured secret signed, with \(what).",
            fix: "On the sender's side: use the secret's text as DOKU's Back Office shows it "
                + "and nothing around it.")
    }
}
