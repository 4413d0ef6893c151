// DOKU and the merchant played together against a running service: bills are added, asked for and
// paid in every way that a payment can go wrong. Here is what a scenario is made
// of; Scenario+Stories has what happens in it, ScenarioRun how it is played.

import LoketCore

package struct Scenario: Sendable {
    /// Sends a request and waits for its answer. The admin API's adds the key, and any of them may
    /// put another path on the wire than the one that is signed.
    package typealias Send = @Sendable (DokuRequest) async throws -> DokuAnswer

    /// How the scenario reaches the service.
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

    /// The result of one step: right if `got` is `expected`, word for word.
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
    ///   - inquiries: signs for the inquiry path.
    ///   - notifications: signs for the notification path, with the same secret.
    ///   - bin: a BIN of the account, enabled for the counter.
    ///   - codeDigits: of a whole payment code under that BIN.
    package init(
        inquiries: Doku, notifications: Doku, bin: String, codeDigits: Int = 16,
        counter: Doku.Counter = .alfa
    ) {
        precondition(codeDigits > bin.utf8.count, "a code has a digit of its own")
        self.inquiries = inquiries
        self.notifications = notifications
        self.bin = bin
        self.codeDigits = codeDigits
        self.counter = counter
    }

    /// Plays every story, each on a bill of its own, and reports the verdict of each step.
    ///
    /// - Returns: whether all were right.
    /// - Throws: only what the ways throw.
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
            story: Self.sumsTitle, step: "what came in is what the books have",
            expected: "the sums agree", got: try await ScenarioAdmin(ways, now).sums())
        try await report(sums)
        return isRight && sums.isRight
    }

    private static let sumsTitle = "the totals"
}

// MARK: What a story is made of

extension Scenario {
    /// One bill and what happens to it.
    struct Story: Sendable {
        let title: String
        /// Whole rupiah.
        static let amount: Int64 = 150_000
        var isReusable = false
        var expiresInSeconds: Int64?
        let steps: [Step]
    }

    struct Step: Sendable {
        let title: String
        let act: Act
        /// What the answers and then the admin API have to say.
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
        /// The last notification again, to the byte.
        case repeatLast
        /// The last notification's body under a new Request-Id.
        case redeliver
        case edit(amount: Int64)
        case cancel
        /// Decides about the payment that was seen last.
        case resolve(String, namingBill: Bool = false)
    }

    /// A notification; by default the one that pays what the counter was answered.
    struct Delivery: Sendable {
        enum Number: Sendable {
            /// The one that the last inquiry answered with.
            case quoted
            /// The bill's own.
            case own
            case unknown
        }

        enum Code: Sendable {
            case own
            /// Under the same BIN, without a bill.
            case other
            /// Too short for any BIN to begin it.
            case foreign
        }

        enum Spoiling: Sendable {
            case none
            /// One byte changes after the body was signed.
            case forged
            /// The body ends early.
            case cutOff
        }

        var number = Number.quoted
        var code = Code.own
        /// Whole rupiah; nil leaves it out.
        var amount: Int64? = Story.amount
        var amountForm = PaymentNotice.AmountForm.integer
        var status = "SUCCESS"
        var service = "ONLINE_TO_OFFLINE"
        /// Tells the sales of one story apart: the counter's own transaction id is made from it.
        var sale = 1
        /// By how much `transaction.date` is ahead of now.
        var aheadSeconds: Int64 = 0
        var spoiling = Spoiling.none
    }
}
