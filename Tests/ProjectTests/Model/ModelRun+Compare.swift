// Compares one object of the service with the books: a bill, payment, delivery or inquiry.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import TestSupport

extension ModelRun {
    // MARK: Bills

    func compareBill(_ number: String) async throws {
        let begin = clock.now
        try compare(
            try await client.get("bills/\(id(number))"), toBill: number, since: begin)
    }

    /// - Parameter begin: A time before the request whose answer is compared.
    func compare(_ given: JSONValue, toBill number: String, since begin: Moment) throws {
        guard let bill = books.bill(number) else {
            throw ModelDisagreement("the books have no bill \(number)")
        }
        var comparison = ModelComparison("bill \(number)")
        comparison.expect("id", given["id"]?.string, id(number))
        comparison.expect("invoice_number", given["invoice_number"]?.string, number)
        comparison.expect("payment_code", given["payment_code"]?.string, bill.code)
        compareTimes(given, to: bill, since: begin, &comparison)
        comparison.expect("reusable", given["reusable"]?.bool, bill.isReusable)
        comparison.expect("state", given["state"]?.string, bill.state.rawValue)
        // A cancelled bill for which a payment was accepted may lose its reason for the cancel.
        if bill.state == .cancelled {
            comparison.expect("cancel_reason", given["cancel_reason"]?.string, bill.cancelReason)
        }
        if bill.state == .open {
            comparison.expect("cancel_reason", given["cancel_reason"]?.string, nil)
        }
        let paid = books.paid(on: number)
        let sum = given["payments"]
        comparison.expect("payments.count", sum?["count"]?.integer, Int64(paid.count))
        comparison.expect("payments.amount", sum?["amount"]?.integer, paid.amount)
        try comparison.finish()
    }

    /// Reads an instant in the format of the admin API, with or without fractions of a second.
    static func seconds(_ value: JSONValue?) -> Int64? {
        value?.string.flatMap { Moment(rfc3339: $0) }?.seconds
    }

    // MARK: Payments

    func comparePayment(_ place: Int) async throws {
        let given = try await client.get("payments/\(paymentIDs[place])")
        try compare(given, toPayment: place)
        let payment = books.payments[place]
        var comparison = ModelComparison("payment \(paymentIDs[place])")
        comparison.expect(
            "notifications", given["notifications"]?.elements.compactMap(\.string),
            payment.deliveries.map { deliveryIDs[$0] })
        if payment.standing != .unmatched {
            comparison.expect("suggested_bills", given["suggested_bills"]?.elements.count, 0)
        }
        try comparison.finish()
    }

    func compare(_ given: JSONValue, toPayment place: Int) throws {
        let payment = books.payments[place]
        var comparison = ModelComparison(
            "payment \(paymentIDs[place]) of \(payment.invoiceNumber ?? "-")")
        comparison.expect("id", given["id"]?.string, paymentIDs[place])
        comparison.expect("account", given["account"]?.string, Site.clientID)
        comparison.expect("standing", given["standing"]?.string, payment.standing.rawValue)
        comparison.expect(
            "classified_as", given["classified_as"]?.string, payment.classifiedAs.rawValue)
        comparison.expect(
            "flags", Set(given["flags"]?.elements.compactMap(\.string) ?? []),
            Set(payment.flags.map(\.rawValue)))
        comparison.expect(
            "needs_attention", given["needs_attention"]?.bool, payment.needsAttention)
        comparison.expect("bill_id", given["bill_id"]?.string, payment.bill.map(id))
        comparison.expect("amount", given["amount"]?.integer, payment.amount)
        comparison.expect("source", given["source"]?.string, "notification")
        comparison.expect("received_at", Self.seconds(given["received_at"]) != nil)
        // For an unreadable payment, only the stored bytes are specified.
        if payment.classifiedAs != .unreadable {
            comparison.expect(
                "invoice_number", given["invoice_number"]?.string, payment.invoiceNumber)
            comparison.expect(
                "payment_code", given["payment_code"]?.string, payment.paymentCode)
            comparison.expect(
                "dated_at", Self.seconds(given["dated_at"]), payment.dated?.seconds)
            comparison.expect(
                "identifiers", Self.identifiers(given["identifiers"]), payment.identifiers)
        }
        compare(given["resolution"], to: payment, &comparison)
        try comparison.finish()
    }

    private func compare(
        _ given: JSONValue?, to payment: Auditor.Payment, _ comparison: inout ModelComparison
    ) {
        guard let resolution = payment.resolution else {
            comparison.expect("a resolution that nobody made", given?.isNull == true)
            return
        }
        let what = "resolution."
        comparison.expect(what + "action", given?["action"]?.string, resolution.action.rawValue)
        comparison.expect(what + "note", given?["note"]?.string, resolution.note)
        comparison.expect(what + "actor is missing", given?["actor"]?.string != nil)
        comparison.expect(what + "at is missing", Self.seconds(given?["at"]) != nil)
        if let bill = resolution.bill {
            comparison.expect(what + "bill_id", given?["bill_id"]?.string, id(bill))
        }
    }

    private static func identifiers(_ list: JSONValue?) -> [String: String] {
        let pairs = list?.elements.map { ($0["name"]?.string ?? "", $0["value"]?.string ?? "") }
        return Dictionary(pairs ?? []) { $1 + " appears twice: " + $0 }
    }

    // MARK: Deliveries

    /// Compares the last recorded row after a delivery: its own, or the earlier row of a repeat.
    func compareNewest(_ given: JSONValue?, after reception: Auditor.Reception) throws {
        guard let newest = given, let id = newest["id"]?.string else {
            throw ModelDisagreement("no notification is listed")
        }
        guard !reception.isRepeat else {
            var comparison = ModelComparison("a repeat of \(deliveryIDs[reception.delivery])")
            comparison.expect("the newest notification", id, deliveryIDs.last ?? "")
            return try comparison.finish()
        }
        if let payment = reception.payment, !reception.hasJoined {
            guard payment == paymentIDs.count, let paymentID = newest["payment_id"]?.string,
                paymentPlaces[paymentID] == nil
            else { throw ModelDisagreement("notification \(id) has no payment of its own") }
            paymentIDs.append(paymentID)
            paymentPlaces[paymentID] = payment
        }
        try compare(newest, toDelivery: reception.delivery)
    }

    func compare(_ given: JSONValue, toDelivery place: Int) throws {
        let delivery = books.deliveries[place]
        var comparison = ModelComparison("notification \(delivery.sending.requestID)")
        comparison.expect("id", given["id"]?.string, deliveryIDs[place])
        comparison.expect(
            "request_id", given["request_id"]?.string, delivery.sending.requestID)
        comparison.expect("repeats", given["repeats"]?.integer, Int64(delivery.repeats))
        comparison.expect(
            "payment_id", given["payment_id"]?.string, delivery.payment.map { paymentIDs[$0] })
        let standings = [
            delivery.standing, delivery.payment.map { books.payments[$0].standing },
        ].compactMap { $0?.rawValue }
        let standing = given["standing"]?.string ?? "none"
        comparison.expect(
            "standing \(standing) is none of \(standings)", standings.contains(standing))
        comparison.expect("source", given["source"]?.string, "notification")
        comparison.expect("target", given["target"]?.string, ModelClient.notificationPath)
        comparison.expect("hash has 64 digits", given["hash"]?.string?.utf8.count, 64)
        if let notice = delivery.sending.notice, delivery.standing != .unreadable {
            comparison.expect(
                "status", given["status"]?.string?.uppercased(), notice.status?.uppercased())
            comparison.expect(
                "invoice_number", given["invoice_number"]?.string, notice.invoiceNumber)
            comparison.expect("payment_code", given["payment_code"]?.string, notice.paymentCode)
            // An amount that is invalid for a payment may be left out.
            if let amount = notice.amount, (1...999_999_999_999).contains(amount) {
                comparison.expect("amount", given["amount"]?.integer, amount)
            }
        }
        try comparison.finish()
    }

    /// Compares the delivery, its payment, and the bills that it could have changed.
    func compareTouched(
        by reception: Auditor.Reception, _ sending: Auditor.Sending
    ) async throws {
        let row = try await client.get("notifications/\(deliveryIDs[reception.delivery])")
        try compare(row, toDelivery: reception.delivery)
        // Bytes that are not text are returned in base64 only.
        let text = row["body"]?.string.map { Data($0.utf8) }
        let kept = text ?? row["body_base64"]?.string.flatMap { Data(base64Encoded: $0) }
        guard kept == Data(sending.body) else {
            throw ModelDisagreement("notification \(sending.requestID): another body is kept")
        }
        var numbers: Set<String> = []
        if let place = reception.payment {
            try await comparePayment(place)
            let payment = books.payments[place]
            numbers.formUnion(payment.heldBills + [payment.bill].compactMap(\.self))
        }
        if let code = sending.notice?.paymentCode, let bill = books.bill(onCode: code) {
            numbers.insert(bill.number)
        }
        for number in numbers.sorted() {
            try await compareBill(number)
            if let bill = books.bill(number) { try await compareInquiry(bill.code) }
        }
    }

    // MARK: Inquiries

    func inquire() async throws {
        let known = place(in: books.bills.count).map { books.bills[$0].code }
        let code = chance(9, of: 10) ? known : nil
        try await compareInquiry(code ?? newCode())
    }

    func quote() async throws {
        let known = place(in: books.bills.count).map { books.bills[$0].code }
        try await compareQuote(known ?? newCode())
    }

    func compareInquiry(_ code: String) async throws {
        let begin = clock.now
        let answer = try await client.inquire(code, requestID: newRequestID())
        let possible = books.answers(toInquiryFor: code, at: span(since: begin))
        guard let body = try? StrictJSON(answer.body).root else {
            throw ModelDisagreement("the inquiry for \(code) got no JSON")
        }
        let number = body["order"]?["invoice_number"]?.string
        let amount = body["order"]?["amount"]?.integer
        let expected =
            possible.first { $0.http == answer.status && $0.amount == amount } ?? possible[0]
        var comparison = ModelComparison("the inquiry for \(code)")
        comparison.expect("HTTP", answer.status, expected.http)
        comparison.expect(
            "status", body["online_to_offline_inquiry"]?["status"]?.string, expected.status)
        comparison.expect("amount", amount, expected.amount)
        comparison.expect(
            "payment_code", body["online_to_offline_info"]?["payment_code"]?.string, code)
        switch expected.invoice {
        case .exactly(let wanted): comparison.expect("invoice_number", number, wanted)
        case nil: comparison.expect("invoice_number", number, nil)
        case .startsWith(let prefix):
            let isRight =
                number?.hasPrefix(prefix) == true
                && number?.utf8.count == prefix.utf8.count + 10
            comparison.expect("invoice_number \(number ?? "none") is not \(prefix)…", isRight)
            let own = String(prefix.dropLast())
            if let number, isRight { quotes[own, default: []].append(number) }
            if let count = quotes[own]?.count, count > 20 { quotes[own]?.removeFirst() }
        }
        try comparison.finish()
        if let bill = books.bill(onCode: code), let amount { quotedAmounts[bill.number] = amount }
    }
}
