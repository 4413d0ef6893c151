// Why a request did not verify. It is counted by cause and never told to the sender: whoever
// cannot sign learns nothing from the refusal.

/// What stood in the way, in the order in which it is looked for.
package enum WireRejection: String, Error, CaseIterable, Hashable, Sendable {
    case clientIDMissing = "client_id_missing"
    case clientIDTwice = "client_id_twice"
    case clientIDMalformed = "client_id_malformed"
    case requestIDMissing = "request_id_missing"
    case requestIDTwice = "request_id_twice"
    case requestIDMalformed = "request_id_malformed"
    case timestampMissing = "timestamp_missing"
    case timestampTwice = "timestamp_twice"
    case signatureMissing = "signature_missing"
    case signatureTwice = "signature_twice"
    case clientIDUnknown = "client_id_unknown"
    case timestampMalformed = "timestamp_malformed"
    case signatureWrong = "signature_wrong"
}
