// Mistakes in the format of the signed lines, in the time, and in the signer's identity.

import LoketCore

extension SignedSlip {
    static let forms: [SignedSlip] = [
        form(.trailingNewline, "The signed text has a newline after its last line.") {
            $0.ending = [0x0A]
        },
        form(.crlfLines, "The signed lines are joined by CR LF.") { $0.lineEnd = [0x0D, 0x0A] },
        form(.crlfLines, "Each signed line, including the last, ends with CR LF.") {
            $0.lineEnd = [0x0D, 0x0A]
            $0.ending = [0x0D, 0x0A]
        },
        form(
            .literalLineFeeds,
            "The signed lines are joined by a backslash and the letter n instead of a line feed."
        ) { $0.lineEnd = Array(#"\n"#.utf8) },
        form(.linesJoined, "The signed lines are joined without a line feed between them.") {
            $0.lineEnd = []
        },
        form(.spaceAfterColon, "The signed lines have a space after the colon.") {
            $0.colon = ": "
        },
        form(.namesLowerCase, "The names in the signed lines are in lower case.") {
            $0.namesInLowerCase = true
        },
        form(.lineOrder, "The signed lines are in alphabetical order.") {
            $0.order = [0, 4, 1, 3, 2]
        },
        form(.lineOrder, "The signed text has the Digest before the Request-Target.") {
            $0.order = [0, 1, 2, 4, 3]
        },
        form(
            .responseTimestampName,
            "The signed text names the time Response-Timestamp instead of Request-Timestamp."
        ) {
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
                fix: "On the sender's side: sign the lines Client-Id, Request-Id, "
                    + "Request-Timestamp, Request-Target and Digest in this order, each written as "
                    + "`Name:value`, with one LF between two lines and no LF at the end.")
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
                        fix: "On the sender's side: write the time once, in UTC, as "
                            + "2020-08-11T08:45:42Z, and send and sign the same text.")
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
                "The signed time is 7 hours ahead of the sent time: it is WIB written with a Z.")
            add(
                .wibForUTC, behind.utcText,
                "The signed time is 7 hours behind the sent time: WIB was sent with a Z, or the 7 "
                    + "hours were subtracted twice.")
            add(
                .timestampMilliseconds, moment.utcText,
                "The signed time has no milliseconds, but the sent time has them.")
            add(
                .timestampMilliseconds, moment.utcMillisecondText,
                "The signed time has milliseconds, but the sent time does not.")
            add(.timestampZone, moment.wibText, "The signed time is in WIB, with +07:00.")
            for second in [-1, 1] as [Int64] {
                add(
                    .timestampTakenTwice, moment.adding(milliseconds: second * 1000).utcText,
                    "The signed time is a second off the sent time: the clock was read twice.")
            }
            add(
                .timestampEpoch, String(moment.seconds),
                "The signed time is written as seconds since 1970.")
            add(
                .timestampEpoch, String(moment.milliseconds),
                "The signed time is written as milliseconds since 1970.")
            for text in [moment.utcText, ahead.utcText] {
                add(
                    .timestampCompact, text.filter(\.isNumber),
                    "The signed time is written in the form 20200811084542.")
            }
        }
        add(.timestampZone, bare + "+07:00", "The signed time ends with +07:00 instead of Z.")
        add(.timestampZone, bare + "+00:00", "The signed time ends with +00:00 instead of Z.")
        add(.timestampZone, bare, "The signed time has no Z at its end.")
        return slips
    }

    // MARK: The signer

    static func clients(_ others: [String]) -> [SignedSlip] {
        others.map { clientID in
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    .otherClientID,
                    "The signed Client-Id is `\(clientID)`, but the header has another Client-Id.",
                    fix: "On the sender's side: sign the same Client-Id as in the header.")
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
                    detail: "The Client-Id `\(named)` is not configured, and the request was "
                        + "signed with the secret of `\(id)`.",
                    fix: "On your side, if `\(named)` is right: write it as the `client_id` of "
                        + "the account in the settings. Otherwise, on the sender's side: send "
                        + "the Client-Id `\(id)`.")
                : SignatureDiagnosis.Finding(
                    .secretOfOtherAccount,
                    "The request of `\(named)` was signed with the secret of `\(id)`.",
                    fix: "On your side: if the settings have exchanged the two secrets, give each "
                        + "account its own secret. Otherwise, on the sender's side: sign with "
                        + "the secret of `\(named)`.")
            let account = SignatureDiagnosis.Finding(
                .otherAccount,
                "The request was signed with the secret and the Client-Id of `\(id)`, but its "
                    + "header has the Client-Id `\(named)`.",
                fix: "On the sender's side: send the Client-Id of the account that signs. On your "
                    + "side: make sure that the proxy in front of loket does not change it.")
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
            mistake, "The request was signed with the configured secret plus \(what).",
            fix: "On the sender's side: use exactly the secret that DOKU's Back Office shows, "
                + "with no characters before or after it.")
    }
}
