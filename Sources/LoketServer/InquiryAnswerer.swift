// One inquiry on one thread, from begin to the journal's queue. It belongs to its event loop: the
// look-up's connection is never shared.

import DokuWire
import LoketCore
import LoketStore

package final class InquiryAnswerer {
    package typealias Find = (
        _ accountID: Int64, _ code: PaymentCode, _ deadline: ContinuousClock.Instant
    ) throws(StoreFault) -> Found

    private let responder: InquiryResponder
    private let find: Find
    private let journal: Journal
    private let tally: Tally
    private let unverified: UnverifiedRing
    private let answerWithin: Duration

    /// - Parameter find: `BillLookup.find` of this thread's own connection.
    package init(
        responder: InquiryResponder, journal: Journal, tally: Tally,
        unverified: UnverifiedRing, answerMilliseconds: Int, find: @escaping Find
    ) {
        self.responder = responder
        self.find = find
        self.journal = journal
        self.tally = tally
        self.unverified = unverified
        answerWithin = .milliseconds(answerMilliseconds)
    }

    var isBehind: Bool { journal.isBehind }

    /// - Parameter waited: how long ago the request may have reached the machine. Past the time
    ///   for an answer it is verified and declined.
    package func answer(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8], now: Moment,
        waited: Duration = .zero
    ) -> Reply {
        let began = ContinuousClock.now
        switch responder.begin(headers: headers, body: body, now: now) {
        case .refused(let cause, let reply):
            tally.count(unverified: cause)
            unverified.keep(cause, headers: headers, body: body, now: now)
            return reply
        case .answered(let answer):
            return record(answer, question: nil, began: began)
        case .lookUp(let question):
            let answer: InquiryResponder.Answer
            if waited < answerWithin {
                answer = lookUp(question, deadline: began - waited + answerWithin)
            } else {
                tally.countOverload()
                answer = responder.decline(question, because: .overloaded)
            }
            return record(answer, question: question, began: began)
        }
    }

    private func lookUp(
        _ question: InquiryResponder.Question, deadline: ContinuousClock.Instant
    ) -> InquiryResponder.Answer {
        do throws(StoreFault) {
            let found = try find(question.accountID, question.paymentCode, deadline)
            guard ContinuousClock.now < deadline else { throw .tooLate }
            return responder.finish(question, found)
        } catch {
            tally.count(storeFailure: error)
            return responder.decline(question, because: .storeFailed)
        }
    }

    /// A number that only the journal will know is not said unless the journal has taken it.
    private func record(
        _ answer: InquiryResponder.Answer, question: InquiryResponder.Question?,
        began: ContinuousClock.Instant
    ) -> Reply {
        var answer = answer
        answer.entry.durationMicroseconds = (ContinuousClock.now - began).microseconds
        if !journal.offer(answer.entry) {
            tally.countJournalRefusal()
            if answer.needsEntry, let question {
                answer = responder.decline(question, because: .journalFull)
            }
        }
        tally.count(answeredBy: answer.entry.answeredBy, since: began)
        return answer.reply
    }
}
