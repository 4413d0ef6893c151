// The meaning of each guard's answer, in one sentence for people.

import LoketCore

extension Guard {
    package var meaning: String {
        switch self {
        case .stale:
            "The signature was right, but the request's timestamp was too far from this machine's "
                + "clock."
        case .unreadable:
            "Either the request body was not strict JSON, or one of these was missing or not a "
                + "string: service.id, channel.id, the payment code."
        case .serviceUnknown: "service.id was not ONLINE_TO_OFFLINE."
        case .channelUnknown: "channel.id was not one of the channels in the settings."
        case .codeMalformed: "The payment code was not 1 to \(Limits.paymentCodeDigitsMax) digits."
        case .binUnknown: "The payment code does not begin with a configured BIN of the account."
        case .lengthWrong: "The BIN of the payment code does not allow the code's length."
        case .channelNotEnabled: "The BIN is not enabled for the channel of the inquiry."
        case .paused: "Inquiries were paused."
        case .billUnknown: "No bill of the account ever had the payment code."
        case .billCancelled: "The bill was cancelled."
        case .billHeld: "The bill was held: a payment was received that does not match the bill."
        case .billDamaged: "The bill's row in the database did not match its checksum."
        case .billPaid: "The bill was already paid."
        case .billExpired: "The bill had expired."
        case .billNotYetValid: "The bill could not be paid yet: its valid_from was later."
        case .noRoomForSuffix:
            "The bill's invoice number is too long: the answer has to add a suffix to the number."
        case .payable: "No guard declined the inquiry: the bill could be paid."
        case .overloaded:
            "The request waited too long before the service could read it."
        case .storeFailed: "The database failed or did not answer in time."
        case .journalFull:
            "The answer needed an entry in the journal, but the journal's queue was full."
        }
    }

    /// The state that the bill had when the guard answered; nil if the guard does not prove one
    /// state.
    var provenState: Bill.State? {
        switch self {
        case .billHeld: .held
        case .billCancelled: .cancelled
        case .payable, .billNotYetValid, .noRoomForSuffix: .open
        case .stale, .unreadable, .serviceUnknown, .channelUnknown, .codeMalformed, .binUnknown,
            .lengthWrong, .channelNotEnabled, .paused, .billUnknown, .billDamaged, .billPaid,
            .billExpired, .overloaded, .storeFailed, .journalFull:
            nil
        }
    }
}
