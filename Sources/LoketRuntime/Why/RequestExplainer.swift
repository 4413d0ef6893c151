// Explains why a request was answered as it was, from the journal, the bills, the pauses, the refused
// requests and the quarantine. It runs for people and never while a request is answered. Requests
// that did not verify are in RequestExplainer+Refused.

import DokuWire
import LoketCore
import LoketStore

package struct RequestExplainer: Sendable {
    let settings: Settings
    let store: Store
    let registry: AccountRegistry
    let refusals: RefusalMonitor

    package init(_ runtime: Runtime) {
        settings = runtime.settings
        store = runtime.store
        registry = runtime.registry
        refusals = runtime.refusals
    }

    /// - Parameter accountID: the only account that is explained; nil: all of them.
    /// - Returns: nil if the Request-Id is unknown.
    package func explain(
        requestID: String, accountID: Int64?
    ) async throws -> Explanation? {
        let (count, newest, others) = try await store.inquiries(
            requestID: requestID, accountID: accountID)
        let refused = try await refusals(of: requestID, accountID)
        let repeated = Repeated(
            requestID: requestID, count: count + refused.count,
            answered: [newest?.id].compactMap(\.self) + others, refused: refused)
        // Each is explained only by what was kept of it, because any sender may repeat an id.
        if let last = refused.first,
            newest.map({ $0.entry.receivedAt < last.receivedAt }) ?? true,
            let found = try await explain(last, among: repeated, accountID)
        {
            return found
        }
        guard let newest else { return nil }
        return try await explain(newest, among: repeated, accountID)
    }

    /// The requests with one Request-Id.
    struct Repeated {
        let requestID: String
        let count: Int
        /// Rows of the journal, newest first.
        let answered: [Int64]
        /// Newest first.
        let refused: [Refusal]
    }

    // MARK: What verified

    private func explain(
        _ record: JournalRecord, among repeated: Repeated, _ accountID: Int64?
    ) async throws -> Explanation {
        let entry = record.entry
        let bill = try await bill(of: entry)
        let accounts = accounts(accountID)
        let answering = try await answering(entry, accountID)
        let near = answering.records.isEmpty ? try await near(record) : .none
        let condition = PassCondition(
            settings: settings, accounts: accounts, clientIDs: registry.clientIDs, entry: entry,
            then: bill?.then, now: bill?.now,
            billsOfCode: answering.records, damaged: answering.damaged.map(\.id), near: near,
            pause: entry.answeredBy == .paused
                ? try await store.pause(ofAccount: entry.accountID, at: entry.receivedAt) : nil)
        return Explanation(
            requestID: entry.requestID, count: repeated.count,
            others: Array(repeated.answered.dropFirst()), refused: visible(repeated.refused),
            inquiry: record,
            answer: Explanation.Answer(
                verdict: O2OVerdict(entry.answeredBy), answeredBy: entry.answeredBy,
                meaning: entry.answeredBy.meaning),
            bill: bill, near: near, wouldHavePassed: condition.text, signature: clock(of: entry))
    }

    /// Where the journal's row proves a state of the bill, it is preferred to the history: times are
    /// taken before a commit, and the inquiry may have read in between.
    private func bill(of entry: JournalEntry) async throws -> Explanation.BillReading? {
        guard let id = entry.billID else { return nil }
        do {
            guard let (now, past) = try await store.bill(id: id, asOf: entry.receivedAt) else {
                return nil
            }
            var then = past
            if let state = entry.answeredBy.provenState { then.state = state }
            if entry.answeredBy == .billPaid {
                then.state = now.bill.cancelReason == Bill.paidElsewhere ? .cancelled : .paid
            }
            if let quoted = entry.amount.flatMap({ Rupiah(whole: $0) }) { then.amount = quoted }
            return Explanation.BillReading(then: then, now: now)
        } catch StoreFault.damagedBill {
            return nil
        }
    }

    /// What the code would be answered from today, where the condition needs it.
    private func answering(
        _ entry: JournalEntry, _ accountID: Int64?
    ) async throws -> NamedBills {
        guard [.billUnknown, .billExpired, .billDamaged].contains(entry.answeredBy),
            let code = entry.codeText
        else { return NamedBills() }
        return try await store.bills(answering: code, accountID: accountID)
    }

    /// Where no bill has the code: the bills that may have been meant.
    private func near(_ record: JournalRecord) async throws -> NearBills {
        let entry = record.entry
        guard [.billUnknown, .binUnknown, .lengthWrong].contains(entry.answeredBy),
            let code = entry.codeText.flatMap({ PaymentCode($0) })
        else { return .none }
        var near = try await store.bills(near: code, accountID: entry.accountID)
        for (place, item) in near.items.enumerated() {
            near.items[place].askedAt = try await store.asked(
                for: item.record.bill.paymentCode, accountID: entry.accountID, after: record)
        }
        return near
    }

    /// The signature was right; the time that it covers was not.
    private func clock(of entry: JournalEntry) -> Explanation.SignatureReport? {
        guard entry.answeredBy == .stale else { return nil }
        let reading = ClockReading(
            skewMilliseconds: entry.skewMilliseconds,
            allowedSeconds: settings.limits.timestampSeconds)
        return Explanation.SignatureReport(
            received: nil, verdict: Self.verified,
            findings: [reading.finding].compactMap(\.self), isUnexplained: false, tried: 0)
    }

    static let verified = "verified"

    func accounts(_ accountID: Int64?) -> [Settings.Account] {
        let ids = registry.ids
        return registry.accounts.filter { accountID == nil || ids[$0.clientID] == accountID }
    }
}
