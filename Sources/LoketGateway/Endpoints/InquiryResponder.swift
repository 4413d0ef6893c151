// How an inquiry's bytes become a reply's bytes, without a socket, database or clock.

import DokuWire
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

/// Answers inquiries in two synchronous halves around the look-up: `begin` verifies, parses and
/// screens; `finish` decides and signs.
///
///     let step = responder.begin(headers: headers, body: body, now: now)
///     guard case .lookUp(let pending) = step else { … }   // refused, or answered without a bill
///     let found = try lookup.find(pending.accountID, pending.paymentCode, deadline)
///     let answer = responder.finish(pending, found)   // a signed reply and its journal entry
package struct InquiryResponder: Sendable {
    private let registry: AccountRegistry
    private let signedPath: String
    private let timestampSeconds: Int64
    private let answer: Settings.Answer

    package init(settings: Settings, registry: AccountRegistry) {
        self.registry = registry
        signedPath = settings.gateway.inquirySignedPath
        timestampSeconds = Int64(settings.limits.timestampSeconds)
        answer = settings.answer
    }

    /// The result of the first half.
    package enum Step: Sendable {
        /// The request is not verified; the cause is counted but is not part of the reply.
        case refused(WireRejection, Reply)
        /// Answered without a database look-up.
        case answered(Answer)
        case lookUp(PendingInquiry)
        /// A notification that DOKU sent to the wrong address. Its endpoint checks age and form.
        case notification
    }

    /// A reply and its journal entry. The caller sets the entry's duration.
    package struct Answer: Sendable {
        package var reply: Reply
        package var entry: JournalEntry
        /// Whether the invoice number was created for this inquiry, so that the reply may be sent
        /// only if the entry is queued.
        package var needsEntry: Bool
    }

    /// A verified, parsed and screened inquiry.
    package struct PendingInquiry: Sendable {
        package let accountID: Int64
        package let paymentCode: PaymentCode
        fileprivate let asked: InquiryContext
        fileprivate let terms: AccountRules
    }

    /// The values that every answer to one request shares.
    fileprivate struct InquiryContext: Sendable {
        let proof: Credentials.Proof
        let sentAt: Moment
        let accountID: Int64
        let now: Moment
        var inquiry: O2OInquiry?
        var channel: Channel?
    }

    // MARK: The first half

    /// - Parameters:
    ///   - headers: the header fields as received.
    ///   - body: the exact bytes received.
    ///   - now: the time used for this whole request.
    package func begin(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8], now: Moment
    ) -> Step {
        let active = registry.current
        let proof: Credentials.Proof
        do throws(WireRejection) {
            proof = try active.credentials.verify(
                SignedHeaders(headers), target: signedPath, body: body)
        } catch {
            if O2OInquiry.isNotification(body) { return .notification }
            return .refused(error, Reply(unsigned: .unverified))
        }
        let account = active[proof]
        guard let sentAt = proof.sentAt else {
            preconditionFailure("a verified inquiry has a timestamp")
        }
        var asked = InquiryContext(proof: proof, sentAt: sentAt, accountID: account.id, now: now)
        guard abs(now.seconds - sentAt.seconds) <= timestampSeconds else {
            if O2OInquiry.isNotification(body) { return .notification }
            return .answered(decline(.stale, asked))
        }

        let document = try? StrictJSON(body)
        // A notification contains every field that an inquiry must have.
        if document.map(O2OInquiry.isWithoutPayment) != true, O2OInquiry.isNotification(body) {
            return .notification
        }
        guard let read = document.flatMap(O2OInquiry.init) else {
            return .answered(decline(.unreadable, asked))
        }
        let inquiry = read.inquiry(channels: active.channels)
        asked.inquiry = read
        asked.channel = inquiry.channel

        switch screen(inquiry, under: account.terms) {
        case .failure(let reason):
            return .answered(decline(reason, asked))
        case .success(let code):
            return .lookUp(
                PendingInquiry(
                    accountID: account.id, paymentCode: code, asked: asked,
                    terms: account.terms))
        }
    }

    // MARK: The second half

    package func finish(_ question: PendingInquiry, _ found: LookupResult) -> Answer {
        let asked = question.asked
        let decision = decide(
            found, under: question.terms, now: asked.now,
            suffix: InvoiceSuffix(
                requestID: asked.proof.requestID, paymentCode: question.paymentCode,
                date: asked.inquiry?.date ?? ""))
        switch decision {
        case .declined(let reason, let bill):
            return decline(reason, asked, bill: bill)
        case .payable(let quote):
            return success(quote, asked)
        }
    }

    /// Returns the answer if no decision is possible: always a decline, never a guess.
    package func decline(_ question: PendingInquiry, because reason: Guard) -> Answer {
        decline(reason, question.asked)
    }

    // MARK: Answers

    private func success(_ quote: Quote, _ asked: InquiryContext) -> Answer {
        let bill = quote.bill
        let body = O2OAnswer.success(
            O2OAnswer.Payable(
                invoiceNumber: quote.invoiceNumber, amount: quote.amount,
                paymentCode: bill.paymentCode,
                info: bill.info.map { cut($0, to: answer.infoMax) }.flatMap(nilIfEmpty),
                customerName: cut(answer.customerName.shown(bill.customerName), to: answer.nameMax),
                customerEmail: answer.sendEmail ? bill.customerEmail : nil))
        var entry = entry(.payable, asked, bill: bill)
        entry.amount = quote.amount.whole
        entry.invoiceNumber = quote.invoiceNumber.text
        return Answer(
            reply: signed(body, status: O2OVerdict(.payable).http, asked),
            entry: entry, needsEntry: quote.isPerInquiry)
    }

    private func decline(_ reason: Guard, _ asked: InquiryContext, bill: Bill? = nil) -> Answer {
        let outcome = Outcome.answered(by: reason)
        let entry = entry(reason, asked, bill: bill)
        let verdict = O2OVerdict(outcome)
        guard reason != .stale, let status = verdict.status else {
            return Answer(reply: Reply(unsigned: outcome), entry: entry, needsEntry: false)
        }
        let code = asked.inquiry.flatMap { PaymentCode($0.codeText) }
        let body = O2OAnswer.decline(status, paymentCode: code)
        return Answer(
            reply: signed(body, status: verdict.http, asked), entry: entry, needsEntry: false)
    }

    private func signed(_ body: [UInt8], status: Int, _ asked: InquiryContext) -> Reply {
        Reply(
            signing: body, status: status, for: asked.proof, target: signedPath, now: asked.now)
    }

    private func entry(_ reason: Guard, _ asked: InquiryContext, bill: Bill?) -> JournalEntry {
        JournalEntry(
            receivedAt: asked.now, dialect: O2O.dialect, accountID: asked.accountID,
            requestID: asked.proof.requestID, codeText: asked.inquiry?.codeText,
            channel: asked.channel?.rawValue ?? asked.inquiry?.channelID,
            acquirer: asked.inquiry?.acquirerID, answeredBy: reason, billID: bill?.id,
            amount: nil, invoiceNumber: nil, durationMicroseconds: 0,
            skewMilliseconds: asked.now.milliseconds - asked.sentAt.milliseconds)
    }
}

/// The first `count` Unicode scalars of `text`.
private func cut(_ text: String, to count: Int) -> String {
    text.utf8.count <= count ? text : String(text.unicodeScalars.prefix(count))
}

private func nilIfEmpty(_ text: String) -> String? {
    text.isEmpty ? nil : text
}
