// One run of the model: the service, the books, and the loop that chooses random operations. The
// operations are in the other files of this folder.

import DokuSimulator
import Foundation
import LoketCore
import TestSupport

final class ModelRun {
    static let exclusive = "889651"
    static let direct = "12345"
    /// 2026-05-04T12:00:00Z.
    private static let beginning = Moment(seconds: 1_777_896_000)
    /// Clock readings are fractions of a second, whose last millisecond is not reliable.
    private static let clockSlack: Int64 = 2
    private static let traceMax = 25

    let site: Site
    let operations: Int
    /// The service's clock.
    let clock: ProcessClock
    var service: Service
    var client: ModelClient
    var random: SeededRandom
    var books = Auditor(bins: [exclusive, direct])
    /// The service's ids, by the numbers and indexes in the books.
    var billIDs: [String: String] = [:]
    var billNumbers: [String: String] = [:]
    var paymentIDs: [String] = []
    var paymentPlaces: [String: Int] = [:]
    var deliveryIDs: [String] = []
    /// The numbers that inquiries received for reusable and dated bills.
    var quotes: [String: [String]] = [:]
    /// The amount that the last inquiry for each bill received.
    var quotedAmounts: [String: Int64] = [:]
    /// The tags of bills before their last edit.
    var oldTags: [String: String] = [:]
    /// Notifications that DOKU has not delivered yet.
    var delayed: [Auditor.Sending] = []
    var eventCursor: String?
    var eventCount = 0
    /// The time of the last edit or replacement.
    var lastEdit = Moment(milliseconds: 0)
    var cancels = 0
    /// The edits that changed a bill, the replacements and the reopenings.
    var changes = 0
    var resolutions = 0
    /// The decisions that settled a payment.
    var acceptances = 0
    /// A counter for unique names.
    private var names = 0
    private var trace: [String] = []

    private init(_ site: Site, seed: UInt64, operations: Int) async throws {
        self.site = site
        self.operations = operations
        random = SeededRandom(seed: seed)
        clock = try ProcessClock(in: site.temporary)
        // A seed meets the same midnights on each day.
        clock.advance(milliseconds: Self.beginning.milliseconds - clock.now.milliseconds)
        service = try await site.serve(environment: clock.environment)
        client = try ModelClient(service, on: site, clock: clock)
    }

    /// - Throws: The first disagreement, with the seed and the steps that led to it.
    static func play(operations: Int) async throws {
        let seed = try ModelSettings.seed()
        print("The model's seed: LOKET_MODEL_SEED=\(seed)")
        try await withSite { site in
            try site.writeSettings(
                gatewayPort: Listener.freePort(), adminPort: Listener.freePort())
            let run = try await ModelRun(site, seed: seed, operations: operations)
            do {
                for number in 1...operations { try await run.step(number) }
                try await run.finish()
            } catch {
                throw ModelDisagreement(
                    "LOKET_MODEL_SEED=\(seed): \(error)\nthe last steps:\n"
                        + run.trace.joined(separator: "\n"))
            }
        }
    }

    // MARK: Steps

    private enum Step: String {
        case make, inquire, quote, notify, sendAgain, tellAgain, deliverLate, cancel, reopen
        case expire, edit, replace, resolve, jump, restart
    }

    /// The frequency of each step in parts of a thousand.
    private static let shares: [(step: Step, share: Int)] = [
        (.make, 150), (.inquire, 80), (.quote, 20), (.notify, 280), (.sendAgain, 40),
        (.tellAgain, 80), (.deliverLate, 30), (.cancel, 40), (.reopen, 30), (.expire, 20),
        (.edit, 80), (.replace, 20), (.resolve, 80), (.jump, 50),
    ]
    /// A restart takes as long as hundreds of other steps.
    private static let restartEvery = 150
    private static let restartEveryInTorture = 1_500
    private static let everythingEvery = 50
    /// The time of a full comparison grows with the amount of data.
    private static let everythingEveryInTorture = 10_000

    private func step(_ number: Int) async throws {
        let isLong = operations > 1_000
        let restarts = isLong ? Self.restartEveryInTorture : Self.restartEvery
        let step = chance(1, of: restarts) ? Step.restart : drawStep()
        note("\(number) \(step.rawValue)")
        try await take(step)
        if number % (isLong ? Self.everythingEveryInTorture : Self.everythingEvery) == 0 {
            try await compareEverything()
        }
        if isLong, number % 500 == 0 {
            try await compareTotals()
            try await readEvents()
        }
        if isLong, number % 10_000 == 0 { print("\(number) of \(operations) operations agree") }
    }

    private func drawStep() -> Step {
        var place = draw(Self.shares.map(\.share).reduce(0, +))
        for (step, share) in Self.shares {
            if place < share { return step }
            place -= share
        }
        return .notify
    }

    private func take(_ step: Step) async throws {
        switch step {
        case .make: try await makeBill()
        case .inquire: try await inquire()
        case .quote: try await quote()
        case .notify: try await notify()
        case .sendAgain: try await sendAgain()
        case .tellAgain: try await tellAgain()
        case .deliverLate: try await deliverLate()
        case .cancel: try await cancelBill()
        case .reopen: try await reopenBill()
        case .expire: try await letExpire()
        case .edit: try await editBill()
        case .replace: try await replaceBill()
        case .resolve: try await resolvePayment()
        case .jump: jump()
        case .restart: try await restart()
        }
    }

    private func restart() async throws {
        if chance(1, of: 3) {
            note("  by SIGKILL")
            service.child.send(SIGKILL)
            _ = try await service.child.end()
        } else {
            let outcome = try await service.stop()
            guard outcome.code == 0 else { throw ModelDisagreement("it stopped: \(outcome)") }
        }
        service = try await site.serve(environment: clock.environment)
        client = try ModelClient(service, on: site, clock: clock)
        try await compareTotals()
    }

    private func finish() async throws {
        note("the end")
        for _ in delayed { try await deliverLate() }
        try await compareEverything()
        for place in books.payments.indices.suffix(1_000) { try await comparePayment(place) }
        try await replayEvents()
        let outcome = try await service.stop()
        guard outcome.code == 0 else { throw ModelDisagreement("it stopped: \(outcome)") }
        let check = try await site.run(
            ["check", "--config", "loket.yaml"], environment: clock.environment)
        guard check.code == 0 else { throw ModelDisagreement("loket check: \(check)") }
    }

    // MARK: Chance

    /// Returns a number from 0 to `count` - 1.
    func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    func chance(_ part: Int, of whole: Int) -> Bool { draw(whole) < part }

    func pick<Value>(_ values: [Value]) -> Value? {
        values.isEmpty ? nil : values[draw(values.count)]
    }

    /// Prefers the last few indexes, so that related operations meet.
    func place(in count: Int) -> Int? {
        guard count > 0 else { return nil }
        let near = min(count, 20)
        return chance(7, of: 10) ? count - 1 - draw(near) : draw(count)
    }

    func nextName() -> Int {
        names += 1
        return names
    }

    func newRequestID() -> String { "request-\(nextName())-\(draw(1_000_000))" }

    // MARK: Time

    /// The span between a reading of the clock and now.
    func span(since begin: Moment) -> Auditor.Span {
        Auditor.Span(
            begin.adding(milliseconds: -Self.clockSlack),
            clock.now.adding(milliseconds: Self.clockSlack))
    }

    func note(_ line: String) {
        trace.append(line)
        if trace.count > Self.traceMax { trace.removeFirst() }
    }
}
