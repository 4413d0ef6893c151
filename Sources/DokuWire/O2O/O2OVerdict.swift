// The table of HTTP statuses and DOKU's status words by which O2O answers each guard.

import LoketCore

/// The HTTP status code of an answer, and DOKU's status word if there is one.
///
///     O2OVerdict(.billPaid)    // 400, billing_already_paid
package struct O2OVerdict: Hashable, Sendable {
    package let http: Int
    package let status: O2OAnswer.Status?

    package init(_ http: Int, _ status: O2OAnswer.Status? = nil) {
        self.http = http
        self.status = status
    }

    package init(_ answeredBy: Guard) {
        self =
            switch answeredBy {
            case .payable: O2OVerdict(200, .success)
            case .stale: .unverifiedInquiry
            case .binUnknown, .lengthWrong, .billUnknown: O2OVerdict(404, .notFound)
            case .billPaid: O2OVerdict(400, .alreadyPaid)
            case .billExpired: O2OVerdict(400, .expired)
            case .billNotYetValid: O2OVerdict(400, .decline)
            case .unreadable, .serviceUnknown, .channelUnknown, .codeMalformed,
                .channelNotEnabled, .paused, .billCancelled, .billHeld, .billDamaged,
                .noRoomForSuffix, .overloaded, .storeFailed, .journalFull:
                O2OVerdict(400, .decline)
            }
    }

    package static let unverifiedInquiry = O2OVerdict(401, .invalidSignature)
    package static let unverifiedNotification = O2OVerdict(401)
    package static let unknownPath = O2OVerdict(404)
}
