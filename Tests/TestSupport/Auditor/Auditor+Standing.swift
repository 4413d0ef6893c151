// The standing of a new payment, by the table in docs/using.md. It is determined once.

import DokuSimulator
import LoketCore

extension Auditor {
    static let amountMax: Int64 = 999_999_999_999
    private static let codeDigitsMax = 25
    private static let suffixLength = 10
    /// Crockford's base32, without I, L, O, U.
    private static let suffixAlphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    func isForeignService(_ notice: PaymentNotice) -> Bool {
        notice.serviceID.map { $0 != "ONLINE_TO_OFFLINE" } ?? false
    }

    /// Returns whether the invoice number and a valid amount are known.
    func isReadable(_ notice: PaymentNotice) -> Bool {
        guard notice.invoiceNumber != nil, let amount = notice.amount else { return false }
        return (1...Self.amountMax).contains(amount)
    }

    /// Returns every possible verdict, without duplicates; at least one.
    func verdicts(on sending: Sending, at now: Span) -> [Verdict] {
        Lean.all.reduce(into: []) { list, lean in
            let verdict = verdict(on: sending, at: now, lean: lean)
            if !list.contains(verdict) { list.append(verdict) }
        }
    }

    private func verdict(on sending: Sending, at now: Span, lean: Lean) -> Verdict {
        guard let notice = sending.notice, notice.status != nil else {
            return Verdict(standing: .unreadable)
        }
        if isForeignService(notice) { return Verdict(standing: .foreign) }
        guard isReadable(notice), let number = notice.invoiceNumber, let amount = notice.amount
        else { return Verdict(standing: .unreadable) }
        guard let bill = bill(paidBy: number, code: notice.paymentCode) else {
            return verdictWithoutBill(code: notice.paymentCode)
        }
        var verdict = verdict(
            on: bill, amount: amount, date: sending.dated ?? lean.date(now), lean: lean)
        verdict.bill = bill.number
        if let code = notice.paymentCode, code != bill.code { verdict.flags.insert(.codeDiffers) }
        return verdict
    }

    /// Returns the bill with the number, or with the number without its suffix if the code also
    /// matches.
    private func bill(paidBy number: String, code: String?) -> Bill? {
        if let bill = bill(number) { return bill }
        guard let bill = Self.ownNumber(number).flatMap({ bill($0) }), bill.code == code else {
            return nil
        }
        return bill
    }

    /// Returns the number without its suffix; nil if there is no suffix.
    static func ownNumber(_ number: String) -> String? {
        let bytes = Array(number.utf8)
        let own = bytes.count - suffixLength - 1
        guard own > 0, bytes[own] == UInt8(ascii: "-"),
            bytes[(own + 1)...].allSatisfy(suffixAlphabet.contains)
        else { return nil }
        return String(decoding: bytes[..<own], as: UTF8.self)
    }

    private func verdictWithoutBill(code: String?) -> Verdict {
        guard let code else { return Verdict(standing: .unmatched) }
        let isCode =
            (1...Self.codeDigitsMax).contains(code.utf8.count)
            && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isCode, !bins.contains(where: code.hasPrefix) { return Verdict(standing: .foreign) }
        // A bill that is already held remains held until this payment is decided as well.
        guard let holder = codePlaces[code]?.last(where: { bills[$0].holdsCode }),
            !bills[holder].isReusable
        else { return Verdict(standing: .unmatched) }
        return Verdict(standing: .unmatched, heldBill: bills[holder].number, state: .held)
    }

    private func verdict(on bill: Bill, amount: Int64, date: Moment, lean: Lean) -> Verdict {
        if bill.state == .paid { return Verdict(standing: .duplicate) }
        if bill.state == .cancelled { return Verdict(standing: .afterCancel) }
        let timeline = Timeline(bill, lean: lean)
        let after = date.adding(milliseconds: Bounds.carriedAfter)
        let before = date.adding(milliseconds: -Bounds.carriedBefore)
        guard timeline.had(amount, from: before, through: after) else {
            let holds = !bill.isReusable && bill.holdsCode
            return Verdict(standing: .amountMismatch, state: holds ? .held : nil)
        }
        var verdict = Verdict(standing: .settled, state: bill.isReusable ? nil : .paid)
        let isFresh =
            timeline.had(amount, from: date, through: after)
            || timeline.ended(amount, justBefore: date)
        if !isFresh { verdict.flags.insert(.oldAmount) }
        if bill.isLate(date, lean: lean) { verdict.flags.insert(.late) }
        return verdict
    }
}
