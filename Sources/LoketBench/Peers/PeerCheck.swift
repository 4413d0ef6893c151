// The check of a server before its speed is measured, because the speed of wrong answers has no
// value: statuses, fields and signatures of answers, and the refusal of what must be refused.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketCore
import LoketJSON

struct PeerCheck {
    let workload: Workload
    let doku: Doku

    private static let questions = 50
    /// The least number of questions for codes without a bill, and for reusable bills.
    private static let ofEachKind = 3
    /// Outside the window of timestamps.
    private static let staleMilliseconds: Int64 = -3_700_000

    /// - Throws: `BenchFailure` at the first wrong answer.
    func check(_ target: PeerTarget) async throws {
        let url = "http://127.0.0.1:\(target.port)"
        for question in sample {
            let request = doku.inquiry(question.code)
            let answer = try await HTTPClient.shared.send(request, to: url)
            let expected = target.isAnswering ? question.expectedStatus : 200
            var fault = answer.status == expected ? nil : "HTTP \(answer.status)"
            if target.isAnswering, fault == nil {
                fault = self.fault(in: answer, to: request, question)
            }
            if let fault {
                throw BenchFailure("\(target.name): the answer for \(question.code): \(fault)")
            }
        }
        if target.isAnswering { try await checkRefusals(target, url) }
    }

    private var sample: [Workload.Question] {
        let all = workload.questions(Self.questions * 20)
        let unknown = all.filter { $0.bill == nil }.prefix(Self.ofEachKind)
        let reusable = all.filter { $0.bill.map { workload.draft($0).reusable } ?? false }
            .prefix(Self.ofEachKind)
        let rest = all.prefix(Self.questions - unknown.count - reusable.count)
        return Array(unknown) + reusable + rest
    }

    private func fault(
        in answer: DokuAnswer, to request: DokuRequest, _ question: Workload.Question
    ) -> String? {
        let signature = doku.signature(of: answer, to: request)
        guard signature == .verified else { return "signature \(signature)" }
        guard let body = try? StrictJSON(answer.body).root else { return "not JSON" }
        guard body["online_to_offline_info"]?["payment_code"]?.string == question.code else {
            return "another payment code"
        }
        let status = body["online_to_offline_inquiry"]?["status"]?.string
        guard let index = question.bill else {
            return status == "billing_not_found" ? nil : "status \(status ?? "none")"
        }
        let draft = workload.draft(index)
        guard status == "success" else { return "status \(status ?? "none")" }
        guard body["order"]?["amount"]?.integer == draft.amounts.last.whole else {
            return "another amount"
        }
        let number = body["order"]?["invoice_number"]?.string.flatMap { InvoiceNumber($0) }
        guard (draft.reusable ? number?.withoutSuffix : number) == draft.invoiceNumber else {
            return "invoice number \(number?.text ?? "none")"
        }
        guard body["online_to_offline_info"]?["info1"]?.string == draft.info,
            body["customer"]?["name"]?.string == draft.customerName
        else { return "another name or info" }
        return nil
    }

    /// Checks that a wrong signature and an old timestamp are refused.
    private func checkRefusals(_ target: PeerTarget, _ url: String) async throws {
        let code = workload.draft(0).paymentCode.digits
        let stranger = Doku(
            clientID: doku.clientID, secret: Array("another secret".utf8),
            signedTarget: doku.signedTarget)
        let old = Moment.now.adding(milliseconds: Self.staleMilliseconds).utcText
        for request in [stranger.inquiry(code), doku.inquiry(code, at: old)] {
            let answer = try await HTTPClient.shared.send(request, to: url)
            guard answer.status == 401 else {
                throw BenchFailure("\(target.name): HTTP \(answer.status) instead of a refusal")
            }
        }
    }
}
