// Editing an open bill: earlier quotes are kept, and an edit of an outdated version is refused.

import LoketCore
import Testing

@testable import LoketStore

struct EditTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func edited(_ outcome: EditOutcome) throws -> BillRecord {
        guard case .edited(let record) = outcome else { throw StoreFault.sqlite("\(outcome)") }
        return record
    }

    private func full() async throws -> BillRecord {
        var draft = try Sample.fullDraft()
        draft.expiresAt = Sample.now.adding(milliseconds: 3_600_000)
        return try await till.open.create(draft)
    }

    struct Change: Sendable {
        let name: String
        let apply: @Sendable (inout BillEdit) -> Void
        let keepsTerms: Bool
    }

    static let changes: [Change] = [
        Change(name: "amount", apply: { $0.amounts = DatedAmounts(whole: 1) }, keepsTerms: true),
        Change(
            name: "amounts",
            apply: { $0.amounts = try? Sample.dated([(150_000, 30_001)], last: 165_000) },
            keepsTerms: true),
        Change(
            name: "valid_from", apply: { $0.validFrom = .some(Sample.now) }, keepsTerms: true),
        Change(name: "no beginning", apply: { $0.validFrom = .some(nil) }, keepsTerms: true),
        Change(name: "due_at", apply: { $0.dueAt = .some(Sample.now) }, keepsTerms: false),
        Change(name: "no due date", apply: { $0.dueAt = .some(nil) }, keepsTerms: false),
        Change(
            name: "expires_at", apply: { $0.expiresAt = .some(Sample.now) }, keepsTerms: true),
        Change(name: "no expiry", apply: { $0.expiresAt = .some(nil) }, keepsTerms: true),
        Change(name: "info", apply: { $0.info = .some("new") }, keepsTerms: false),
        Change(name: "no info", apply: { $0.info = .some(nil) }, keepsTerms: false),
        Change(name: "name", apply: { $0.customerName = "Budi" }, keepsTerms: false),
        Change(name: "email", apply: { $0.customerEmail = .some("b@x.id") }, keepsTerms: false),
        Change(name: "no email", apply: { $0.customerEmail = .some(nil) }, keepsTerms: false),
        Change(name: "metadata", apply: { $0.metadata = .some("{}") }, keepsTerms: false),
        Change(name: "no metadata", apply: { $0.metadata = .some(nil) }, keepsTerms: false),
    ]

    /// In the same millisecond in which the bill was created.
    @Test(arguments: changes.indices)
    func `each edit creates a version, a history entry and an event`(place: Int) async throws {
        let change = Self.changes[place]
        let made = try await full()
        let record = try edited(try await till.edit(made.bill.id, change.apply))
        #expect(record.version != made.version, "\(change.name)")
        let read = try #require(try await till.store.bill(id: made.bill.id))
        #expect(read.version == record.version && read.bill == record.bill)
        #expect(read.history.map(\.change) == ["changed"])
        #expect(read.history.first?.actor == "ops" && read.bill.state == .open)
        #expect(read.bill.invoiceNumber == made.bill.invoiceNumber)
        let terms = try RawDatabase.count(till.path, "bill_terms")
        #expect(terms == (change.keepsTerms ? 1 : 0), "\(change.name)")
        let kinds = try await till.store.events(after: 0, limit: 9).map(\.kind)
        #expect(kinds == [.billCreated, .billChanged])
        // The gateway answers with the bill, so its checksum is correct.
        #expect(try till.store.makeLookup().find(till.open.account).bill == read.bill)
        // The history has no e-mail address and no name.
        #expect(read.history.first?.detail?.contains("b@x.id") == false)
        #expect(read.history.first?.detail?.contains("Budi") == false)
    }

    @Test func `an edit that changes nothing records nothing`() async throws {
        let made = try await full()
        let outcome = try await till.edit(made.bill.id) {
            $0.amounts = made.bill.amounts
            $0.validFrom = .some(made.bill.validFrom)
            $0.expiresAt = .some(made.bill.expiresAt)
            $0.dueAt = .some(made.bill.dueAt)
            $0.info = .some(made.bill.info)
            $0.metadata = .some(made.metadata)
        }
        #expect(try edited(outcome).version == made.version)
        #expect(try RawDatabase.count(till.path, "bill_change") == 0)
        #expect(try RawDatabase.count(till.path, "event") == 1)
    }

    @Test func `an edit of an outdated version changes nothing`() async throws {
        let made = try await full()
        let seen = made.version
        _ = try await till.edit(made.bill.id) { $0.info = .some("first") }
        var edit = BillEdit()
        edit.amounts = DatedAmounts(whole: 1)
        let outcome = try await till.store.edit(
            id: made.bill.id, edit, actor: "ops", now: Sample.now
        ) { $0.version == seen }
        guard case .changedSince(let record) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(record.bill.info == "first" && record.bill.amounts == made.bill.amounts)
    }

    @Test(arguments: [Bill.State.held, .paid, .cancelled, .replaced])
    func `a bill that is not open is not edited`(state: Bill.State) async throws {
        try till.store.seed(
            [Sample.draft()], accountID: till.open.account, state: state, now: Sample.now)
        let outcome = try await till.edit(1) { $0.amounts = DatedAmounts(whole: 1) }
        guard case .closed(let record) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(record.bill.state == state && record.bill.amounts.last.whole == 150_000)
        guard case .unknown = try await till.edit(99, { $0.amounts = DatedAmounts(whole: 1) })
        else {
            Issue.record("a bill of nobody was edited")
            return
        }
    }

    @Test func `of many edits of the same version one succeeds`() async throws {
        let made = try await full()
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for place in 1...20 {
                group.addTask { [till] in
                    var edit = BillEdit()
                    edit.amounts = DatedAmounts(whole: Int64(place))
                    let outcome = try await till.store.edit(
                        id: made.bill.id, edit, actor: "ops", now: Sample.now
                    ) { $0.version == made.version }
                    guard case .edited = outcome else { return false }
                    return true
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
    }

    @Test func `a customer pays the quoted amount, old or new`() async throws {
        let bill = try await till.bill()
        let edit = Sample.now.adding(milliseconds: 3_600_000)
        _ = try await till.edit(bill, at: edit) { $0.amounts = DatedAmounts(whole: 90) }
        let old = Notice(amount: 150_000, date: Notice.date(3_600_000 + 86_399_000))
        let tooOld = Notice(amount: 150_000, date: Notice.date(3_600_000 + 86_401_000))
        #expect(try await till.take(tooOld).entry?.standing == .amountMismatch)
        let id = try await till.pay(old)
        #expect(try await till.payment(id).flags == [.oldAmount])
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `a changed expiry decides which payments are late`() async throws {
        let soon = Sample.now.adding(milliseconds: 1000)
        let bill = try await till.bill(expiresAt: soon)
        _ = try await till.edit(bill) { $0.expiresAt = .some(nil) }
        let id = try await till.pay(Notice(date: Notice.date(86_400_000)))
        #expect(try await till.payment(id).flags.isEmpty)
        #expect(try till.audit().problems == [])
    }
}
