// The answer to an inquiry, as values. HTTP statuses and DOKU's response texts are in DokuWire.

/// The check that determined an answer. Guards are checked in the order of the cases up to
/// `payable`; the first that fails answers. The last three apply where no decision was possible.
///
/// The raw value is the guard's name in the journal, in /metrics and in `loket why`:
///
///     Guard.binUnknown.rawValue    // "bin_unknown"
package enum Guard: String, CaseIterable, Hashable, Sendable {
    /// The signature is right, but the timestamp is too far from the current time.
    case stale
    /// The body is not strict JSON, or a required field is missing or not a string.
    case unreadable
    case serviceUnknown = "service_unknown"
    case channelUnknown = "channel_unknown"
    case codeMalformed = "code_malformed"
    case binUnknown = "bin_unknown"
    case lengthWrong = "length_wrong"
    case channelNotEnabled = "channel_not_enabled"
    case paused
    case billUnknown = "bill_unknown"
    case billCancelled = "bill_cancelled"
    case billHeld = "bill_held"
    case billDamaged = "bill_damaged"
    case billPaid = "bill_paid"
    case billExpired = "bill_expired"
    case billNotYetValid = "bill_not_yet_valid"
    /// The answer requires a separate number, and the bill's is too long for a suffix.
    case noRoomForSuffix = "no_room_for_suffix"
    /// The last guard: no other guard failed.
    case payable
    /// The inquiry waited too long before it was read. No bill was looked up.
    case overloaded
    /// The database failed or did not answer in time. The answer is never a guess.
    case storeFailed = "store_failed"
    /// The answer required a journal entry that could not be queued.
    case journalFull = "journal_full"
}

/// The amount to pay and the invoice number that identifies the payment.
package struct Quote: Hashable, Sendable {
    package let bill: Bill
    /// The bill's amount at the time of the inquiry.
    package let amount: Rupiah
    package let invoiceNumber: InvoiceNumber
    /// Whether the number was generated for this inquiry; its journal entry must not be lost.
    package let isPerInquiry: Bool
}

package enum Decision: Hashable, Sendable {
    case payable(Quote)
    case declined(Guard, bill: Bill?)

    package var answeredBy: Guard {
        switch self {
        case .payable: .payable
        case .declined(let reason, _): reason
        }
    }
}
