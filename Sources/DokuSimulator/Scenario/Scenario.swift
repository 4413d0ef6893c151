// A scenario: the simulator plays DOKU and the merchant against a running service. Bills are added,
// looked up and paid, with every problem that a payment can have. This file defines the parts of a
// scenario; Scenario+Stories contains the stories, ScenarioRun plays them.

import LoketCore

package struct Scenario: Sendable {
    /// Sends a request and returns its answer. The function for the admin API adds the key. Each
    /// function may send the request to a path other than the signed path.
    package typealias Send = @Sendable (DokuRequest) async throws -> DokuAnswer

    /// The functions that send requests to the service.
    package struct Ways: Sendable {
        package let inquiry: Send
        package let notification: Send
        package let admin: Send

        package init(
            inquiry: @escaping Send, notification: @escaping Send, admin: @escaping Send
        ) {
            self.inquiry = inquiry
            self.notification = notification
            self.admin = admin
        }
    }

    /// The result of one step, which is right if `got` equals `expected` exactly.
    package struct Verdict: Sendable, Equatable {
        package let story: String
        package let step: String
        package let expected: String
        package let got: String

        package var isRight: Bool { got == expected }
    }

    let inquiries: Doku
    let notifications: Doku
    let bin: String
    let codeDigits: Int
    let counter: Doku.Counter

    /// - Parameters:
    ///   - inquiries: Signs requests for the inquiry path.
    ///   - notifications: Signs requests for the notification path, with the same secret.
    ///   - bin: A BIN of the account, enabled for the counter.
    ///   - codeDigits: The length of a payment code in digits, including the BIN.
    package init(
        inquiries: Doku, notifications: Doku, bin: String, codeDigits: Int = 16,
        counter: Doku.Counter = .alfa
    ) {
        precondition(codeDigits > bin.utf8.count, "a code is longer than its BIN")
        self.inquiries = inquiries
        self.notifications = notifications
        self.bin = bin
        self.codeDigits = codeDigits
        self.counter = counter
    }

    /// Plays every story with a separate bill, and reports the verdict of each step.
    ///
    /// - Returns: Whether all steps were right.
    /// - Throws: Only the errors of `ways` and `report`.
    package func run(
        over ways: Ways, now: @escaping @Sendable () -> Moment = { .now },
        report: (Verdict) async throws -> Void
    ) async throws -> Bool {
        var isRight = true
        for story in Self.stories {
            var run = ScenarioRun(self, story: story, ways: ways, now: now)
            isRight = try await run.play(report) && isRight
        }
        let sums = Verdict(
            story: Self.sumsTitle, step: "received and recorded payments agree",
            expected: "the sums agree", got: try await ScenarioAdmin(ways, now).sums())
        try await report(sums)
        return isRight && sums.isRight
    }

    private static let sumsTitle = "the totals"
}

// MARK: Parts of a story

extension Scenario {
    /// A bill and the steps that are played with it.
    struct Story: Sendable {
        let title: String
        /// In whole rupiah.
        static let amount: Int64 = 150_000
        var isReusable = false
        var expiresInSeconds: Int64?
        let steps: [Step]
    }

    struct Step: Sendable {
        let title: String
        let act: Act
        /// The expected answer and the expected state in the admin API.
        let expected: String

        init(_ title: String, _ act: Act, _ expected: String) {
            self.title = title
            self.act = act
            self.expected = expected
        }
    }

    enum Act: Sendable {
        case inquire
        case notify(Delivery)
        /// Sends the last notification again, byte for byte.
        case repeatLast
        /// Sends the last notification's body with a new Request-Id.
        case redeliver
        case edit(amount: Int64)
        case cancel
        /// Decides about the newest payment that the last step found.
        case resolve(String, namingBill: Bool = false)
    }

    /// A notification; by default it pays the invoice number that the last inquiry returned.
    struct Delivery: Sendable {
        enum Number: Sendable {
            /// The invoice number in the last inquiry's answer.
            case quoted
            /// The bill's own invoice number.
            case own
            case unknown
        }

        enum Code: Sendable {
            case own
            /// Another code with the same BIN, without a bill.
            case other
            /// A code that is too short to start with any BIN.
            case foreign
        }

        enum Spoiling: Sendable {
            case none
            /// One byte is changed after signing.
            case forged
            /// The end of the body is missing.
            case cutOff
        }

        var number = Number.quoted
        var code = Code.own
        /// In whole rupiah; nil to leave it out.
        var amount: Int64? = Story.amount
        var amountForm = PaymentNotice.AmountForm.integer
        var status = "SUCCESS"
        var service = "ONLINE_TO_OFFLINE"
        /// The number of the sale within the story, which is part of the counter's transaction id.
        var sale = 1
        /// The seconds by which `transaction.date` is in the future.
        var aheadSeconds: Int64 = 0
        var spoiling = Spoiling.none
    }
}
