// The demo's script: an inquiry for every possible answer, with the expected answer. The
// expectations are written by hand and share no code with the service.

import LoketCore

package struct Script: Sendable {
    /// One inquiry at the counter.
    package struct Scene: Sendable {
        package let title: String
        package let code: String
        package var counter = Doku.Counter.alfa
        package var layout = Doku.Layout.minified
        package var tampering = Tampering.none
        package let expected: Expected
    }

    package enum Tampering: Sendable {
        case none
        /// One byte of the body is changed after signing.
        case forged
        /// Correctly signed, two hours ago.
        case stale
    }

    package struct Expected: Sendable {
        package let http: Int
        package let status: String
        /// In whole rupiah; nil if the bill is not payable.
        package var amount: Int64?
        /// The exact invoice number, or its prefix if each inquiry gets a new number; nil if none.
        package var invoice: Invoice?
        package var signed = true
        package var echoesCode = true
    }

    package enum Invoice: Sendable {
        case exactly(String)
        case startsWith(String)
    }

    /// A bill to add before the inquiries.
    package struct Seed: Sendable {
        package let code: String
        package let invoice: String
        package let amount: Int64
        package var reusable = false
        package var expires = false
        package var cancelled = false
    }

    package let seeds: [Seed]
    package let scenes: [Scene]
    /// An additional bill, which is paid by a notification before it is looked up.
    package let paid: Seed

    /// - Parameters:
    ///   - exclusive: A DOKU Exclusive BIN of 6 digits, for Alfa only.
    ///   - direct: A Direct BIN of 5 digits.
    package init(exclusive: String, direct: String) {
        let seeds = [
            Seed(code: exclusive + "12345678", invoice: "INV-1001", amount: 150_000),
            Seed(code: direct + "777001", invoice: "TOPUP-7", amount: 50_000, reusable: true),
            Seed(code: exclusive + "00000042", invoice: "INV-1002", amount: 75_500),
            Seed(code: exclusive + "55500001", invoice: "INV-1003", amount: 99_000, expires: true),
            Seed(
                code: exclusive + "66600001", invoice: "INV-1004", amount: 20_000,
                cancelled: true),
            Seed(code: direct + "888001", invoice: "INV-1005", amount: 310_000),
        ]
        paid = Seed(code: exclusive + "44400001", invoice: "INV-1000", amount: 45_000)
        self.seeds = seeds
        scenes = Self.payable(seeds) + Self.refused(seeds, paid, exclusive, direct)
    }

    private static func payable(_ seeds: [Seed]) -> [Scene] {
        func success(_ seed: Seed, _ invoice: Invoice) -> Expected {
            Expected(http: 200, status: "success", amount: seed.amount, invoice: invoice)
        }
        let own = { (seed: Seed) in success(seed, .exactly(seed.invoice)) }
        let reusable = success(seeds[1], .startsWith(seeds[1].invoice + "-"))
        return [
            Scene(title: "a payable bill", code: seeds[0].code, expected: own(seeds[0])),
            Scene(title: "a reusable bill", code: seeds[1].code, expected: reusable),
            Scene(
                title: "a second inquiry for a reusable bill", code: seeds[1].code,
                expected: reusable),
            Scene(
                title: "a code with leading zeros", code: seeds[2].code, expected: own(seeds[2])),
            Scene(
                title: "a body indented by two spaces", code: seeds[0].code,
                layout: .pretty, expected: own(seeds[0])),
            Scene(
                title: "a direct BIN at Indomaret", code: seeds[5].code, counter: .indomaret,
                expected: own(seeds[5])),
        ]
    }

    private static func refused(
        _ seeds: [Seed], _ paid: Seed, _ exclusive: String, _ direct: String
    ) -> [Scene] {
        let notFound = Expected(http: 404, status: "billing_not_found")
        let decline = Expected(http: 400, status: "decline")
        let unverified = Expected(
            http: 401, status: "invalid_signature", signed: false, echoesCode: false)
        return [
            Scene(
                title: "a code that lacks a leading zero",
                code: exclusive + "0000042", expected: notFound),
            Scene(title: "an unknown code", code: exclusive + "99999999", expected: notFound),
            Scene(title: "a code that is too short", code: direct, expected: notFound),
            Scene(title: "a BIN of another merchant", code: "9912345678", expected: notFound),
            Scene(
                title: "a bill that is paid", code: paid.code,
                expected: Expected(http: 400, status: "billing_already_paid")),
            Scene(
                title: "a bill that has expired", code: seeds[3].code,
                expected: Expected(http: 400, status: "billing_was_expired")),
            Scene(title: "a bill that was cancelled", code: seeds[4].code, expected: decline),
            Scene(
                title: "a BIN for Alfa only, at Indomaret", code: seeds[0].code,
                counter: .indomaret, expected: decline),
            Scene(
                title: "a code with a letter in it", code: exclusive + "1234567A",
                expected: Expected(http: 400, status: "decline", echoesCode: false)),
            Scene(
                title: "a body changed after it was signed", code: seeds[0].code,
                tampering: .forged, expected: unverified),
            Scene(
                title: "a request signed two hours ago", code: seeds[0].code, tampering: .stale,
                expected: unverified),
        ]
    }
}

extension Script.Scene {
    /// The age of a stale request in seconds.
    private static let staleSeconds: Int64 = 7_200

    /// Whether the service can verify the sender, and so records the inquiry in its journal.
    package var isVerified: Bool {
        if case .forged = tampering { return false }
        return true
    }

    package func request(by doku: Doku, now: Moment) -> DokuRequest {
        var sentAt = now
        if case .stale = tampering {
            sentAt = now.adding(milliseconds: -Self.staleSeconds * 1000)
        }
        var request = doku.request(
            body: Doku.inquiryBody(
                code: code, counter: counter, date: sentAt.utcText, layout: layout),
            requestID: Doku.newRequestID(), timestamp: sentAt.utcText)
        if case .forged = tampering, let last = code.utf8.last,
            let place = request.body.lastIndex(of: last)
        {
            request.body[place] ^= 1
        }
        return request
    }
}
