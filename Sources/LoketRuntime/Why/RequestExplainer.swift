// Explains the answer to a request, from the journal, the bills, the pauses, the refused requests
// and the quarantine. It runs only when a person requests an explanation, never while a request is
// answered. RequestExplainer+Refused explains requests that did not verify.

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

    /// Returns the explanation of the newest request with this Request-Id.
    ///
    /// - Parameter accountID: the account to search; nil for all.
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
        // Any sender may repeat a Request-Id, so a request is explained only from its own record.
        if let last = refused.first,
            newest.map({ $0.entry.receivedAt < last.receivedAt }) ?? true,
            let found = try await explain(last, among: repeated, accountID)
        {
            return found
        }
        guard let newest else { return nil }
        return try await explain(newest, among: repeated, accountID)
    }

    /// All requests with the same Request-Id.
    struct Repeated {
        let requestID: String
        let count: Int
        /// The ids of the journal rows, newest first.
        let answered: [Int64]
        /// The requests that did not verify, newest first.
        let refused: [Refusal]
    }

    // MARK: Verified requests

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

    /// Returns the bill then and now. A state or amount that the journal's row proves overrides the
    /// bill's history: a change is timed before its commit, and the inquiry may have read the bill
    /// in between.
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
            if let quoted = entry.amount.flatMap({ Rupiah(whole: $0) }),
                quoted != then.amounts.amount(at: entry.receivedAt)
            {
                then.amounts = DatedAmounts(quoted)
            }
            return Explanation.BillReading(then: then, at: entry.receivedAt, now: now)
        } catch StoreFault.damagedBill {
            return nil
        }
    }

    /// Returns the bills that would answer an inquiry for the code today; empty if the explanation
    /// does not depend on them.
    private func answering(
        _ entry: JournalEntry, _ accountID: Int64?
    ) async throws -> NamedBills {
        guard [.billUnknown, .billExpired, .billDamaged].contains(entry.answeredBy),
            let code = entry.codeText
        else { return NamedBills() }
        return try await store.bills(answering: code, accountID: accountID)
    }

    /// Returns the bills with a similar code, if the guard's answer suggests a wrong code.
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

    /// Returns the report if the signature was right and the time was wrong.
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
