// The meaning of each guard's answer, in one sentence for people.

import LoketCore

extension Guard {
    package var meaning: String {
        switch self {
        case .stale:
            "The signature was right, but the request's time was too far from this clock's."
        case .unreadable:
            "The body was not strict JSON, or lacked service.id, channel.id or the payment code as "
                + "a string."
        case .serviceUnknown: "service.id was not ONLINE_TO_OFFLINE."
        case .channelUnknown: "channel.id was not one of the channels in the settings."
        case .codeMalformed: "The payment code was not 1 to \(Limits.paymentCodeDigitsMax) digits."
        case .binUnknown: "No configured BIN of the account begins the payment code."
        case .lengthWrong: "The payment code's length is not one that its BIN allows."
        case .channelNotEnabled: "The BIN is not enabled for the channel that asked."
        case .paused: "Inquiries were paused."
        case .billUnknown: "No bill of the account had ever held the payment code."
        case .billCancelled: "The bill was cancelled."
        case .billHeld: "The bill was held: money had come for it that does not fit."
        case .billDamaged: "The bill's row did not match its checksum, and is not trusted."
        case .billPaid: "The bill was paid already."
        case .billExpired: "The bill had expired."
        case .noRoomForSuffix:
            "The answer needed an invoice number of its own, and the bill's leaves no room for one."
        case .payable: "No guard declined it: the bill could be paid."
        case .overloaded:
            "The request had waited too long before the service could read it."
        case .storeFailed: "The database failed or did not answer in time."
        case .journalFull:
            "The answer needed an entry in the journal, whose queue was full."
        }
    }

    /// The state that the bill had when the guard answered; nil if the guard does not prove one
    /// state.
    var provenState: Bill.State? {
        switch self {
        case .billHeld: .held
        case .billCancelled: .cancelled
        case .payable, .noRoomForSuffix: .open
        case .stale, .unreadable, .serviceUnknown, .channelUnknown, .codeMalformed, .binUnknown,
            .lengthWrong, .channelNotEnabled, .paused, .billUnknown, .billDamaged, .billPaid,
            .billExpired, .overloaded, .storeFailed, .journalFull:
            nil
        }
    }
}
