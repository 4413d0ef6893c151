// Sample payments and bills for the tests of this folder.

import LoketCore
import Testing

extension Sample {
    static let dateText = "2021-08-12T07:06:28Z"
    /// The instant of the sample's date.
    static let date = Moment(seconds: 1_628_751_988)
    static let day: Int64 = 86_400_000

    /// `NAME=value` for each identifier.
    static func identifiers(_ pairs: [String]) -> [ReportedPayment.Identifier] {
        pairs.map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return ReportedPayment.Identifier(
                name: parts[0], value: parts.count == 2 ? parts[1] : "")
        }
    }

    static func receipt(
        _ source: ReportedPayment.Source = .notification, amount: Int64? = 150_000,
        code: String? = codeText, date: String? = dateText, ids: [String] = [],
        isOurService: Bool = true
    ) -> ReportedPayment {
        ReportedPayment(
            source: source, isOurService: isOurService, invoiceNumber: "INV-1",
            amount: amount.flatMap { Rupiah(whole: $0) }, codeText: code, dateText: date,
            identifiers: Self.identifiers(ids))
    }

    /// Returns a bill that had these amounts, each until this many milliseconds after `date`.
    static func history(
        _ bill: Bill, past: [(amount: Int64, until: Int64)] = [], replacedAfter: Int64? = nil
    ) throws -> BillHistory {
        let carried = try past.map {
            CarriedAmounts(
                try #require(DatedAmounts(whole: $0.amount)),
                until: date.adding(milliseconds: $0.until))
        }
        return BillHistory(
            bill: bill, amounts: carried + [CarriedAmounts(bill.amounts, until: nil)],
            replacedAt: replacedAfter.map { date.adding(milliseconds: $0) })
    }
}
