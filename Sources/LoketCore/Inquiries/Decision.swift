// The answer to an inquiry, as values. HTTP statuses and DOKU's words are in DokuWire.

/// The check that decided an answer. Guards are asked in the order of the cases down to `payable`,
/// and the first that objects answers. The last three answer where no decision could be made.
///
/// The raw value is the guard's name in the journal, in /metrics and in `loket why`:
///
///     Guard.binUnknown.rawValue    // "bin_unknown"
package enum Guard: String, CaseIterable, Hashable, Sendable {
    /// Signature right, timestamp too far from now.
    case stale
    /// Not strict JSON, or a required field is missing or no string.
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
    /// The answer needs a number of its own and the bill's is too long to take a suffix.
    case noRoomForSuffix = "no_room_for_suffix"
    /// The last one: no guard objected.
    case payable
    /// It had waited too long before it could be read. No bill was looked up.
    case overloaded
    /// The database failed or gave no answer in time. Never a guess.
    case storeFailed = "store_failed"
    /// The answer needed a journal entry that could not be queued.
    case journalFull = "journal_full"
}

/// The fixed amount under the number by which its payment will be recognised.
package struct Quote: Hashable, Sendable {
    package let bill: Bill
    package let invoiceNumber: InvoiceNumber
    /// The number was made for this inquiry: its journal entry must not be lost.
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
