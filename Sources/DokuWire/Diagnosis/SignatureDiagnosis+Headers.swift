// The sentences that describe faults of the header lines. No HMAC is computed for these faults.

import LoketCore

extension SignatureDiagnosis.Finding {
    init(
        _ mistake: SignatureDiagnosis.Mistake, _ detail: String, fix: String
    ) {
        self.init(mistake: mistake.rawValue, detail: detail, fix: fix)
    }

    init(_ fault: WireRejection) {
        let (detail, fix): (String, String) =
            switch fault {
            case .clientIDMissing: Self.missing("Client-Id")
            case .clientIDTwice: Self.twice("Client-Id")
            case .clientIDMalformed: Self.malformed("Client-Id")
            case .requestIDMissing: Self.missing("Request-Id")
            case .requestIDTwice: Self.twice("Request-Id")
            case .requestIDMalformed: Self.malformed("Request-Id")
            case .timestampMissing: Self.missing("Request-Timestamp")
            case .timestampTwice: Self.twice("Request-Timestamp")
            case .signatureMissing: Self.missing("Signature")
            case .signatureTwice: Self.twice("Signature")
            case .clientIDUnknown:
                (
                    "The Client-Id of the request belongs to no configured account.",
                    "On your side: add the account to `accounts` in the settings, or correct its "
                        + "`client_id`. Upper and lower case must match, too."
                )
            case .timestampMalformed:
                (
                    "The Request-Timestamp does not have the form 2020-08-11T08:45:42Z.",
                    "On the sender's side: write the time in UTC and whole seconds, with a final Z."
                )
            case .signatureWrong:
                (
                    "The signature does not match the request.",
                    "On the sender's side: sign with the secret and the path in loket's settings."
                )
            }
        self.init(mistake: fault.rawValue, detail: detail, fix: fix)
    }

    private static func missing(_ name: String) -> (String, String) {
        (
            "The header \(name) is missing or empty.",
            "On the sender's side: send this header. On your side: make the proxy in front of "
                + "loket pass it on."
        )
    }

    private static func twice(_ name: String) -> (String, String) {
        (
            "The request has the header \(name) more than once.",
            "On the sender's side: send this header once. On your side: make sure that the "
                + "proxy in front of loket does not add it again."
        )
    }

    private static func malformed(_ name: String) -> (String, String) {
        (
            "The \(name) is not 1 to \(Limits.headerIdentifierMax) visible ASCII characters.",
            "On the sender's side: send a shorter \(name), without spaces or special letters."
        )
    }
}

extension SignatureDiagnosis {
    /// The stable identifiers of a signer's mistakes. A fault of a header line is identified by the
    /// name of its WireRejection.
    package enum Mistake: String, CaseIterable, Sendable {
        // The path
        case wirePath = "wire_path"
        case otherRoutePath = "other_route_path"
        case trailingSlash = "trailing_slash"
        case fullURL = "full_url"
        case queryInPath = "query_in_path"
        case leadingSlashMissing = "leading_slash_missing"
        case pathEmpty = "path_empty"
        case pathPart = "path_part"
        case pathCase = "path_case"
        // The component string
        case trailingNewline = "trailing_newline"
        case crlfLines = "crlf_lines"
        case literalLineFeeds = "literal_line_feeds"
        case linesJoined = "lines_joined"
        case spaceAfterColon = "space_after_colon"
        case namesLowerCase = "names_lower_case"
        case lineOrder = "line_order"
        case responseTimestampName = "response_timestamp_name"
        // The digest
        case digestMissing = "digest_missing"
        case digestHex = "digest_hex"
        case digestHexInBase64 = "digest_hex_in_base64"
        case digestPrefixed = "digest_prefixed"
        case digestURLSafe = "digest_url_safe"
        case bodyForDigest = "body_for_digest"
        // The body
        case bodyNewline = "body_newline"
        case bodyTrimmed = "body_trimmed"
        case bodyLineEnds = "body_line_ends"
        case bodyMinified = "body_minified"
        case bodyReserialised = "body_reserialised"
        case bodySpaced = "body_spaced"
        case bodySlashesEscaped = "body_slashes_escaped"
        case bodyUnicodeEscaped = "body_unicode_escaped"
        case bodyHTMLEscaped = "body_html_escaped"
        case bodyPrettyPrinted = "body_pretty_printed"
        case bodyKeysSorted = "body_keys_sorted"
        case bodyEmpty = "body_empty"
        case bodyByteOrderMark = "body_byte_order_mark"
        // The time
        case wibForUTC = "wib_for_utc"
        case timestampMilliseconds = "timestamp_milliseconds"
        case timestampZone = "timestamp_zone"
        case timestampEpoch = "timestamp_epoch"
        case timestampCompact = "timestamp_compact"
        case timestampTakenTwice = "timestamp_taken_twice"
        // The signer
        case otherClientID = "other_client_id"
        case otherAccount = "other_account"
        case secretOfOtherAccount = "secret_of_other_account"
        case secretNewline = "secret_newline"
        case secretSpace = "secret_space"
        case secretQuoted = "secret_quoted"
        // The format of the signature
        case signatureMalformed = "signature_malformed"
        case signaturePrefix = "signature_prefix"
        case signatureHex = "signature_hex"
        case signatureHexInBase64 = "signature_hex_in_base64"
        case signaturePadding = "signature_padding"
        case signatureURLSafe = "signature_url_safe"
    }
}
