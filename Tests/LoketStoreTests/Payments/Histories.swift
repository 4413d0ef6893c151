// Long histories of bills and payments: one with every case, and random histories.

import LoketCore
import TestSupport

@testable import LoketStore

struct BusyHistory {
    let till: Till

    init(_ till: Till) {
        self.till = till
    }

    func run() async throws {
        try await settle()
        try await edit()
        try await hold()
        try await dated()
        try await others()
    }

    private func code(_ place: Int) -> String { "88965100000\(10_000 + place)" }

    private func notice(_ place: Int, amount: Int64 = 150_000, _ ids: [String] = []) -> Notice {
        Notice(number: "INV-\(place)", amount: amount, code: code(place), ids: ids)
    }

    private func bill(_ place: Int, expiresAt: Moment? = nil, reusable: Bool = false) async throws
        -> Int64
    {
        try await till.bill(
            "INV-\(place)", code: code(place), expiresAt: expiresAt, reusable: reusable)
    }

    private func settle() async throws {
        _ = try await bill(1)
        try await till.take(notice(1, ["AGENT_TRX_ID=1"]))
        try await till.take(notice(1, ["AGENT_TRX_ID=1", "AGENT_ID=A"]))
        try await till.take(notice(1, ["AGENT_TRX_ID=2"]))
        try await till.take(notice(1).with { $0.source = .checkStatus })
        // Check Status first, then the notification, then another payment.
        _ = try await bill(2)
        try await till.take(notice(2).with { ($0.source, $0.date) = (.checkStatus, nil) })
        try await till.take(notice(2, ["AGENT_TRX_ID=1"]))
        let duplicate = try await till.pay(notice(2, ["AGENT_TRX_ID=2"]))
        let other = try await bill(3)
        try await till.resolve(duplicate, .accept, bill: other)
        // A reusable bill, paid under its own number, with suffixes and with a wrong amount.
        let reusable = try await bill(4, reusable: true)
        try await till.take(notice(4))
        try await till.take(notice(4).with { $0.number = "INV-4-0123456789" })
        let wrong = try await till.pay(notice(4, amount: 9))
        try await till.resolve(wrong, .accept)
        let stray = try await till.pay(Notice(number: "?", amount: 4, code: nil))
        try await till.resolve(stray, .accept, bill: reusable)
    }

    private func edit() async throws {
        let id = try await bill(10, expiresAt: Sample.now.adding(milliseconds: 1_000_000))
        for amount: Int64 in [90, 80, 70] {
            let at = Sample.now.adding(milliseconds: 1_000 * amount)
            _ = try await till.edit(id, at: at) { $0.amounts = DatedAmounts(whole: amount) }
            try await till.take(notice(999, amount: amount))
        }
        _ = try await till.edit(id) { $0.info = .some("new") }
        _ = try await till.edit(id) { $0.expiresAt = .some(nil) }
        let flagged = try await till.pay(
            notice(10, amount: 90).with { $0.date = Notice.date(120_000) })
        _ = try await till.resolve(flagged, .accept)
        // Paid before its amount was changed, and reported afterwards.
        let next = try await bill(11)
        _ = try await till.edit(next) { $0.amounts = DatedAmounts(whole: 5) }
        try await till.take(notice(11, amount: 5).with { $0.date = Notice.date(-500_000) })
        try await till.take(notice(11).with { $0.date = Notice.date(-500_000) })
    }

    private func hold() async throws {
        let held = try await bill(20)
        let one = try await till.pay(notice(20, amount: 1))
        let two = try await till.pay(notice(20, amount: 2))
        let three = try await till.pay(notice(20).with { $0.number = "stranger" })
        try await till.resolve(one, .refunded)
        try await till.resolve(three, .dismiss)
        try await till.resolve(two, .accept, bill: held)
        let again = try await bill(21)
        let wrong = try await till.pay(notice(21, amount: 1))
        try await till.resolve(wrong, .refunded)
        try await till.cancel(again)
        try await till.take(notice(21))
        // Still unresolved at the end.
        _ = try await bill(22)
        try await till.take(notice(22, amount: 3))
        try await till.take(notice(22).with { $0.number = "another stranger" })
    }

    private func dated() async throws {
        var draft = try Sample.draft("INV-40", code: code(40))
        draft.amounts = try Sample.dated([(100, 3_600_000), (200, 7_200_000)], last: 300)
        (draft.validFrom, draft.dueAt) = (Sample.now, Sample.now)
        draft.reusable = true
        let id = try await till.open.create(draft).bill.id
        func take(_ amount: Int64, _ hours: Int64) async throws {
            let date = Notice.date(hours * 3_600_000 + 1)
            try await till.take(notice(40, amount: amount).with { $0.date = date })
        }
        try await take(100, 0)
        try await take(100, 2)
        try await take(200, 1)
        try await take(300, 1)
        try await take(300, 5)
        let amounts = try Sample.dated([(101, 7_200_000)], last: 301)
        let at = Sample.now.adding(milliseconds: 5_400_000)
        _ = try await till.edit(id, at: at) { $0.amounts = amounts }
        try await take(101, 1)
        try await take(200, 3)
        _ = try await till.edit(id, at: at) { $0.amounts = DatedAmounts(whole: 5) }
        try await take(301, 3)
        // Cancelled and reopened, for a payment that arrived in between.
        let other = try await bill(41)
        try await till.cancel(other)
        try await till.take(notice(41).with { $0.number = "a third stranger" })
        _ = try await till.store.reopen(billID: other, actor: "ops", now: Sample.now)
    }

    private func others() async throws {
        let soon = Sample.now.adding(milliseconds: 1)
        _ = try await bill(30, expiresAt: soon)
        let draft = try Sample.draft("INV-31", code: code(30))
        let later = Sample.now.adding(milliseconds: 1_000_000)
        _ = try await till.store.create([(till.open.account, draft)], now: later)
        try await till.take(notice(30, amount: 2))
        try await till.take(notice(30).with { $0.date = Notice.date(9_000_000) })
        try await till.take(notice(32).with { $0.isOurService = false })
        try await till.take(notice(33).with { $0.codeIsOurs = false })
        try await till.take(notice(34).with { $0.status = "PENDING" })
        try await till.take(notice(35).with { ($0.amount, $0.isUnreadable) = (nil, true) })
        try await till.take(notice(1), request: "same")
        try await till.take(notice(1), request: "same")
        // An unknown payment's number becomes a bill's, and the payment is reported again.
        try await till.take(notice(36).with { $0.code = code(90) })
        _ = try await bill(36)
        try await till.take(notice(36, ["A=1"]).with { $0.code = code(90) })
        // A bill whose row was damaged temporarily.
        let id = try await bill(37)
        try RawDatabase.execute(till.path, "UPDATE bill SET amount = amount + 1 WHERE id = \(id)")
        try await till.take(notice(37))
        try RawDatabase.execute(till.path, "UPDATE bill SET amount = amount - 1 WHERE id = \(id)")
    }
}

/// The same seed produces the same history.
struct RandomHistory {
    private let till: Till
    private var random: SeededRandom

    init(_ till: Till, seed: UInt64) {
        self.till = till
        random = SeededRandom(seed: seed)
    }

    consuming func run(steps: Int) async throws {
        for step in 0..<steps {
            let moment = Sample.now.adding(milliseconds: Int64(step) * 60_000)
            switch Int.random(in: 0..<11, using: &random) {
            case 0, 1: try? await make(step, at: moment)
            case 2: try await edit(at: moment)
            case 3: try await cancel(at: moment)
            case 4: try await resolve(at: moment)
            case 5: try await reopen(at: moment)
            case 6: try await reopenBill(at: moment)
            default: try await take(step, at: moment)
            }
        }
    }

    private static let statuses =
        [String?](repeating: "SUCCESS", count: 9) + ["PENDING", "FAILED", "PAID", nil]
    private static let codes = (0..<4).map { "889651000000000\($0)" }

    private mutating func pick<Element>(_ list: [Element]) -> Element? {
        list.randomElement(using: &random)
    }

    private mutating func make(_ step: Int, at moment: Moment) async throws {
        var draft = try Sample.draft(
            "INV-\(Int.random(in: 0..<12, using: &random))", code: pick(Self.codes) ?? "1",
            expiresAt: Bool.random(using: &random) ? moment.adding(milliseconds: 600_000) : nil)
        draft.reusable = Int.random(in: 0..<4, using: &random) == 0
        draft.amounts = try amounts(at: moment)
        _ = try await till.store.create([(till.open.account, draft)], now: moment)
    }

    /// Returns up to four amounts that end within an hour of the moment.
    private mutating func amounts(at moment: Moment) throws -> DatedAmounts {
        let count = Bool.random(using: &random) ? 0 : Int.random(in: 1...3, using: &random)
        let ends = Set(
            (0..<count).map { _ in Int64.random(in: -60...60, using: &random) * 60_000 })
        let start = moment.milliseconds - Sample.now.milliseconds
        return try Sample.dated(
            ends.sorted().map { (Int64.random(in: 1...3, using: &random), start + $0) },
            last: Int64.random(in: 1...3, using: &random))
    }

    private mutating func edit(at moment: Moment) async throws {
        var edit = BillEdit()
        edit.amounts = try amounts(at: moment)
        if Bool.random(using: &random) {
            edit.expiresAt = .some(moment.adding(milliseconds: 900_000))
        }
        _ = try await till.store.edit(
            id: Int64.random(in: 1...12, using: &random), edit, actor: "ops", now: moment
        ) { _ in true }
    }

    private mutating func cancel(at moment: Moment) async throws {
        _ = try await till.store.cancel(
            id: Int64.random(in: 1...12, using: &random), reason: nil, actor: "ops", now: moment)
    }

    private mutating func resolve(at moment: Moment) async throws {
        let ids = try await till.payments.map(\.id)
        guard let id = pick(ids), let action = pick(Resolution.allCases) else { return }
        let bill: Int64? =
            Bool.random(using: &random) ? Int64.random(in: 1...12, using: &random) : nil
        _ = try await till.store.resolve(
            paymentID: id, action, billID: action == .accept ? bill : nil, note: nil,
            actor: "ops", now: moment)
    }

    private mutating func reopen(at moment: Moment) async throws {
        let ids = try await till.payments.filter { $0.resolution != nil }.map(\.id)
        guard let id = pick(ids) else { return }
        _ = try await till.store.reopen(paymentID: id, note: nil, actor: "ops", now: moment)
    }

    private mutating func reopenBill(at moment: Moment) async throws {
        _ = try await till.store.reopen(
            billID: Int64.random(in: 1...12, using: &random), actor: "ops", now: moment)
    }

    private mutating func take(_ step: Int, at moment: Moment) async throws {
        let number = Int.random(in: 0..<14, using: &random)
        let date = moment.adding(milliseconds: Int64.random(in: -3...1, using: &random) * 60_000)
        let notice = Notice(
            number: Int.random(in: 0..<9, using: &random) == 0
                ? "INV-\(number)-0123456789" : "INV-\(number)",
            amount: Int64.random(in: 1...3, using: &random),
            code: Int.random(in: 0..<6, using: &random) == 0 ? nil : pick(Self.codes),
            date: Int.random(in: 0..<8, using: &random) == 0 ? nil : date.utcText,
            ids: pick([[], [], ["AGENT_TRX_ID=1"], ["AGENT_TRX_ID=2"], ["AGENT_TRX_ID=2", "S=1"]])
                ?? [],
            source: Int.random(in: 0..<5, using: &random) == 0 ? .checkStatus : .notification,
            isOurService: Int.random(in: 0..<12, using: &random) != 0,
            status: pick(Self.statuses) ?? nil,
            codeIsOurs: Int.random(in: 0..<9, using: &random) != 0)
        try await till.take(notice, request: "R-\(step % 100)", at: moment)
    }
}
