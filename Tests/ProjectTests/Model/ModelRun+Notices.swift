// DOKU's steps: valid and invalid notifications, repeated, in order and out of order.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport

extension ModelRun {
    func notify() async throws {
        let sending = try await newSending()
        // DOKU delivers some notifications later than others.
        if chance(1, of: 12) {
            delayed.append(sending)
            return
        }
        try await send(sending)
    }

    func deliverLate() async throws {
        guard !delayed.isEmpty else { return }
        try await send(delayed.remove(at: draw(delayed.count)))
    }

    /// Sends an equal delivery: the same Request-Id, the same bytes.
    func sendAgain() async throws {
        guard let place = place(in: books.deliveries.count) else { return }
        try await send(books.deliveries[place].sending)
    }

    /// Repeats an earlier notification with a new Request-Id, another wording, or another outcome.
    func tellAgain() async throws {
        guard let place = place(in: books.deliveries.count) else { return }
        let old = books.deliveries[place].sending
        guard var notice = old.notice else { return }
        var dated = old.dated
        switch draw(8) {
        case 0: notice.status = pick(["FAILED", "PENDING", "EXPIRED", "REFUNDED"])
        case 1...2: notice.status = "SUCCESS"
        case 3: notice.paymentCode = nil
        case 4: if !notice.identifiers.isEmpty { notice.identifiers.removeFirst() }
        case 5:
            let shift = pick([1, 3_600, 86_399, 86_401]) ?? 0
            dated = dated?.adding(milliseconds: Int64(shift) * 1000)
            if let dated { notice.date = dated.utcMillisecondText }
        case 6:
            notice.amountForm = pick(PaymentNotice.AmountForm.allCases) ?? .integer
            notice.rotation = draw(8)
        default: break
        }
        let requestID = chance(1, of: 10) ? old.requestID : newRequestID()
        try await send(Auditor.Sending(requestID: requestID, notice: notice, dated: dated))
    }

    // MARK: Sending

    /// Sends a notification, and compares everything that it may change with the books.
    func send(_ wanted: Auditor.Sending) async throws {
        let sending = withoutDoubt(wanted)
        note("  \(sending.requestID) " + String(decoding: sending.body, as: UTF8.self))
        let begin = clock.now
        let answer = try await client.notify(sending.body, requestID: sending.requestID)
        let span = span(since: begin)
        let newest = try await client.get("notifications?limit=1")["items"]?.elements.first
        let reception = books.receive(sending, at: span, seen: try await seen(newest))
        note("  \(reception)")

        var comparison = ModelComparison("the answer to \(sending.requestID)")
        comparison.expect("status", answer.status, 200)
        comparison.expect(
            "body", String(decoding: answer.body, as: UTF8.self), echo(of: sending))
        try comparison.finish()
        if !reception.isRepeat { deliveryIDs.append(newest?["id"]?.string ?? "") }
        try compareNewest(newest, after: reception)
        try await compareTouched(by: reception, sending)
    }

    /// Moves the payment one second later if its standing would depend on an instant that only the
    /// service knows.
    private func withoutDoubt(_ sending: Auditor.Sending) -> Auditor.Sending {
        guard var notice = sending.notice, var dated = sending.dated,
            !books.knows(requestID: sending.requestID)
        else { return sending }
        var certain = sending
        for _ in 0..<5 where books.isDoubtful(certain, at: span(since: clock.now)) {
            dated = dated.adding(milliseconds: 1000)
            notice.date = dated.utcMillisecondText
            certain = Auditor.Sending(requestID: sending.requestID, notice: notice, dated: dated)
        }
        return certain
    }

    /// Returns the service's classification of the payment that its newest notification reports.
    private func seen(
        _ newest: JSONValue?
    ) async throws -> (standing: Auditor.Standing, flags: Set<Auditor.Flag>)? {
        guard let id = newest?["payment_id"]?.string else { return nil }
        let payment = try await client.get("payments/\(id)")
        let flags = payment["flags"]?.elements.compactMap { $0.string.flatMap(Auditor.Flag.init) }
        guard let text = payment["classified_as"]?.string,
            let standing = Auditor.Standing(rawValue: text)
        else { return nil }
        return (standing, Set(flags ?? []))
    }

    private func echo(of sending: Auditor.Sending) -> String {
        let echo = books.echo(of: sending)
        let parts = [
            echo.invoiceNumber.map { #""order":{"invoice_number":"\#($0)"}"# },
            echo.paymentCode.map { #""online_to_offline_info":{"payment_code":"\#($0)"}"# },
        ]
        return "{\(parts.compactMap(\.self).joined(separator: ","))}"
    }
}

// MARK: What DOKU says

extension ModelRun {
    private func newSending() async throws -> Auditor.Sending {
        let requestID = newRequestID()
        guard let place = place(in: books.bills.count) else { return garbage(requestID) }
        let bill = books.bills[place]
        var notice = PaymentNotice(
            invoiceNumber: try await number(of: bill), amount: bill.amount(at: clock.now),
            paymentCode: bill.code, date: nil,
            agentTransactionID: chance(4, of: 5) ? "T\(nextName())" : nil)
        switch draw(30) {
        case 0...1: notice.amount = newAmount() + 1
        case 2...4: notice.amount = pick(bill.amountsEver)
        case 13...16: notice.amount = quotedAmounts[bill.number] ?? notice.amount
        case 5: notice.paymentCode = pick([newCode(), "7" + newCode(), "no code", nil]) ?? nil
        case 6: spoilNumber(&notice)
        case 7:
            notice.invoiceNumber = "GHOST-\(nextName())"
            notice.paymentCode = "99\(nextName())"
        case 8: notice.serviceID = pick(["VIRTUAL_ACCOUNT", "ONLINE_TO_OFFLINE_X"])
        case 9...11: notice.status = pick(["FAILED", "PENDING", "EXPIRED", "failed", "PAID"])
        case 12: return unreadable(notice, requestID)
        default: break
        }
        dress(&notice)
        let dated = date(&notice, of: bill)
        return Auditor.Sending(requestID: requestID, notice: notice, dated: dated)
    }

    /// Returns the bill's own number, or the number that an inquiry received.
    private func number(of bill: Auditor.Bill) async throws -> String {
        if bill.isReusable || bill.isDated, bill.state == .open, chance(1, of: 3) {
            try await compareInquiry(bill.code)
        }
        if let quotes = quotes[bill.number], let quote = pick(quotes), chance(9, of: 10) {
            return quote
        }
        return chance(1, of: 10) ? bill.number + "-0123456789" : bill.number
    }

    private func spoilNumber(_ notice: inout PaymentNotice) {
        notice.invoiceNumber = "GHOST-\(nextName())"
        if chance(1, of: 3) {
            notice.paymentCode = pick([newCode(), "no code", nil]) ?? nil
        }
    }

    /// Adds variations that DOKU's notifications may have.
    private func dress(_ notice: inout PaymentNotice) {
        notice.amountForm = pick(PaymentNotice.AmountForm.allCases) ?? .integer
        notice.counter = pick(Doku.Counter.allCases) ?? .alfa
        notice.misspellsIdentifier = chance(1, of: 3)
        notice.hasUnknownObject = chance(1, of: 3)
        notice.rotation = draw(8)
        if chance(1, of: 4) { notice.originalRequestID = "inquiry-\(draw(1000))" }
        if chance(1, of: 10) { notice.serviceID = notice.serviceID.flatMap { foreign($0) } }
        notice.hasOddBytes = chance(1, of: 6)
        if notice.status == "SUCCESS", chance(1, of: 8) {
            notice.status = pick(["Success", " SUCCESS", "success  "])
        }
    }

    /// A missing service id counts as ours; a foreign one stays foreign.
    private func foreign(_ service: String) -> String? {
        service == "ONLINE_TO_OFFLINE" ? nil : service
    }

    /// Times after the end of an amount, around the limits of the rules, in milliseconds.
    private static let pastEnds: [Int64] = [
        -3_600_000, -60_001, -60_000, -59_999, -1_000, -1, 0, 1, 30_000, 899_999, 900_000, 900_001,
        3_600_000, 86_399_999, 86_400_000, 86_400_001, 100_000_000,
    ]

    /// Writes a date into the notice and returns the instant that it means.
    private func date(_ notice: inout PaymentNotice, of bill: Auditor.Bill) -> Moment? {
        let now = clock.now
        if chance(1, of: 12), notice.identifiers.contains(where: { $0.name == "AGENT_TRX_ID" }) {
            notice.date =
                pick([
                    nil, "yesterday", "2026-02-30T10:00:00Z", "20261345000000",
                    "1970-01-01T00:00:00Z", "2014-12-31T23:59:59Z",
                ]) ?? nil
            return nil
        }
        if let expiry = bill.expiresAt, chance(1, of: 3) {
            let past = pick([0, 899_999, 900_000, 900_001, 1_200_000]) ?? 0
            let dated = expiry.adding(milliseconds: Int64(past))
            notice.date = dated.utcMillisecondText
            return dated
        }
        if let end = pick(bill.amounts.compactMap(\.until)), chance(1, of: 2) {
            let past = pick(Self.pastEnds) ?? 0
            let dated = end.adding(milliseconds: past)
            notice.date = dated.utcMillisecondText
            return dated
        }
        let day = 86_400
        let shifts = [
            0, 0, 0, 0, -1, -30, -7_200, -day + 600, -day - 600, -3 * day, 10, 120, day + 600,
        ]
        let dated = Moment(seconds: now.seconds + Int64(pick(shifts) ?? 0))
        let compact = dated.wibText.prefix(19).filter(\.isNumber)
        notice.date = pick([dated.utcText, dated.wibText, dated.utcMillisecondText, compact])
        return dated
    }

    private func unreadable(_ good: PaymentNotice, _ requestID: String) -> Auditor.Sending {
        var notice = good
        switch draw(5) {
        case 0: notice.amount = nil
        case 1: notice.amount = pick([0, 1_000_000_000_000])
        case 2: notice.status = nil
        case 3: notice.invoiceNumber = nil
        default: return garbage(requestID)
        }
        let dated = Moment(seconds: clock.now.seconds)
        notice.date = dated.utcText
        return Auditor.Sending(requestID: requestID, notice: notice, dated: dated)
    }

    private func garbage(_ requestID: String) -> Auditor.Sending {
        let texts = ["", "null", "[1]", "{\"order\":", "\"SUCCESS\"", "{\"a\":1,\"a\":2}"]
        return Auditor.Sending(
            requestID: requestID, unreadable: Array((pick(texts) ?? "").utf8))
    }
}
