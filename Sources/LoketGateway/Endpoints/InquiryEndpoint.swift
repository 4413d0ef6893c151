// The processing of one inquiry on one thread, from its verification to the journal's queue. Each
// event loop has its own endpoint, because the look-up's connection is never shared.

import LoketCore
import LoketRuntime
import LoketStore

package final class InquiryEndpoint {
    package typealias Find = (
        _ accountID: Int64, _ code: PaymentCode, _ deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> LookupResult

    private let responder: InquiryResponder
    private let find: Find
    private let holdSnapshot: () -> Void
    private let releaseSnapshot: () -> Void
    private let journal: Journal
    private let metrics: Metrics
    private let refusals: RefusalMonitor
    private let answerWithin: Duration

    /// - Parameters:
    ///   - find: `BillLookup.find` on this thread's own connection.
    ///   - holdSnapshot, releaseSnapshot: those of the same look-up.
    package init(
        responder: InquiryResponder, journal: Journal, metrics: Metrics,
        refusals: RefusalMonitor, answerMilliseconds: Int, find: @escaping Find,
        holdSnapshot: @escaping () -> Void = {}, releaseSnapshot: @escaping () -> Void = {}
    ) {
        self.responder = responder
        self.find = find
        self.holdSnapshot = holdSnapshot
        self.releaseSnapshot = releaseSnapshot
        self.journal = journal
        self.metrics = metrics
        self.refusals = refusals
        answerWithin = .milliseconds(answerMilliseconds)
    }

    var isBehind: Bool { journal.isBehind }

    /// The inquiries of one turn read the bills as they are at its first look-up: everything in
    /// the turn was received before.
    func takeTurn(_ work: () -> Void) {
        holdSnapshot()
        work()
        releaseSnapshot()
    }

    /// Looks up an unknown account.
    func lookUpNothing() {
        guard let code = PaymentCode("0") else { return }
        _ = try? find(0, code, .now + answerWithin)
    }

    /// Answers an inquiry.
    ///
    /// - Parameters:
    ///   - waited: how long ago the request may have reached the machine. If the time for an answer
    ///     is over, the request is verified and declined.
    ///   - source: returns the sender's address; called only for a refused request.
    /// - Returns: nil for a notification, which is answered elsewhere.
    package func answer(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8], now: Moment,
        waited: Duration = .zero, source: () -> String? = { nil }
    ) -> Reply? {
        let began = ContinuousClock.now
        switch responder.begin(headers: headers, body: body, now: now) {
        case .refused(let cause, let reply):
            metrics.count(unverified: cause)
            refusals.refused(
                cause, .inquiry, headers: headers, body: body, source: source, now: now)
            return reply
        case .notification: return nil
        case .answered(let answer):
            if answer.entry.answeredBy == .stale {
                refusals.refusedForTime(
                    requestID: answer.entry.requestID, of: answer.entry.accountID,
                    skew: answer.entry.skewMilliseconds,
                    source: source, now: now)
            } else {
                refusals.verified(.inquiry, of: answer.entry.accountID, at: now)
                refusals.declined(
                    by: answer.entry.answeredBy, requestID: answer.entry.requestID,
                    source: source, now: now)
            }
            return record(answer, question: nil, began: began)
        case .lookUp(let question):
            refusals.verified(.inquiry, of: question.accountID, at: now)
            let answer: InquiryResponder.Answer
            if waited < answerWithin {
                answer = lookUp(question, deadline: began - waited + answerWithin)
            } else {
                metrics.countOverload()
                answer = responder.decline(question, because: .overloaded)
            }
            return record(answer, question: question, began: began)
        }
    }

    private func lookUp(
        _ question: InquiryResponder.PendingInquiry, deadline: ContinuousClock.Instant
    ) -> InquiryResponder.Answer {
        do throws(StoreFault) {
            let found = try find(question.accountID, question.paymentCode, deadline)
            guard ContinuousClock.now < deadline else { throw .tooLate }
            let answer = responder.finish(question, found)
            if case .damaged(let id) = found {
                let entry = answer.entry
                metrics.count(damagedBill: id, requestID: entry.requestID, at: entry.receivedAt)
            }
            return answer
        } catch {
            metrics.count(storeFailure: error)
            return responder.decline(question, because: .storeFailed)
        }
    }

    /// Records an answer. An invoice number stored only in the journal is sent only once queued.
    private func record(
        _ answer: consuming InquiryResponder.Answer, question: InquiryResponder.PendingInquiry?,
        began: ContinuousClock.Instant
    ) -> Reply {
        answer.entry.durationMicroseconds = (ContinuousClock.now - began).microseconds
        if !journal.offer(answer.entry) {
            metrics.countJournalRefusal()
            if answer.needsEntry, let question {
                answer = responder.decline(question, because: .journalFull)
            }
        }
        metrics.count(
            answeredBy: answer.entry.answeredBy, on: answer.entry.channel.flatMap(Channel.init),
            since: began)
        return answer.reply
    }
}
