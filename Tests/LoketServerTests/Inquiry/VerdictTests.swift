// The table from outcomes to HTTP statuses and DOKU's words, compared with a copy written by hand
// from docs/using.md.

import DokuWire
import LoketCore
import LoketGateway
import Testing

struct VerdictTests {
    private static let guards: [Guard: (Int, String)] = [
        .stale: (401, "invalid_signature"),
        .unreadable: (400, "decline"),
        .serviceUnknown: (400, "decline"),
        .channelUnknown: (400, "decline"),
        .codeMalformed: (400, "decline"),
        .binUnknown: (404, "billing_not_found"),
        .lengthWrong: (404, "billing_not_found"),
        .channelNotEnabled: (400, "decline"),
        .paused: (400, "decline"),
        .billUnknown: (404, "billing_not_found"),
        .billCancelled: (400, "decline"),
        .billHeld: (400, "decline"),
        .billDamaged: (400, "decline"),
        .billPaid: (400, "billing_already_paid"),
        .billExpired: (400, "billing_was_expired"),
        .billNotYetValid: (400, "decline"),
        .noRoomForSuffix: (400, "decline"),
        .payable: (200, "success"),
        .storeFailed: (400, "decline"),
        .overloaded: (400, "decline"),
        .journalFull: (400, "decline"),
    ]

    @Test(arguments: Guard.allCases)
    func `a guard has its status and its word`(_ answeredBy: Guard) throws {
        let (http, word) = try #require(Self.guards[answeredBy])
        let verdict = O2OVerdict(answeredBy)
        #expect(verdict.http == http)
        #expect(verdict.status?.rawValue == word)
    }

    private static let outcomes: [(Outcome, Int, String?)] = [
        (.unknownTarget, 404, nil),
        (.wrongMethod(allowed: "POST"), 405, nil),
        (.malformedHTTP, 400, nil),
        (.headTooLarge, 431, nil),
        (.bodyTooLarge, 413, nil),
        (.tooSlow, 408, nil),
        (.healthy, 200, nil),
        (.unhealthy, 503, nil),
        (.unverified, 401, "invalid_signature"),
    ]

    @Test(arguments: outcomes)
    func `an outcome has its status and, for DOKU, its word`(
        outcome: Outcome, http: Int, word: String?
    ) {
        let verdict = O2OVerdict(outcome)
        #expect(verdict.http == http)
        #expect(verdict.status?.rawValue == word)
    }

    @Test func `the gateway's own replies are empty and say which method is allowed`() {
        #expect(Reply(.unknownTarget).body.isEmpty)
        #expect(Reply(.unknownTarget).headers.isEmpty)
        let wrong = Reply(.wrongMethod(allowed: "GET"))
        #expect(wrong.body.isEmpty)
        #expect(wrong.headers.map { "\($0.name): \($0.value)" } == ["Allow: GET"])
    }
}
