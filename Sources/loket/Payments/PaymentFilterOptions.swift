// The options that choose payments, for a list and for an export.

import ArgumentParser
import LoketCore

/// A range of time: today, or from one time to another.
struct PaymentRange: ParsableArguments {
    @Flag(help: "Only payments of today in Jakarta.")
    var today = false
    @Option(
        help: ArgumentHelp(
            """
            Only payments at this time or later: a date, which means its beginning in Jakarta, or \
            RFC 3339.
            """, valueName: "time"))
    var from: String?
    @Option(
        help: ArgumentHelp(
            "Only payments before this time. A date is itself not included.", valueName: "time"))
    var to: String?

    func validate() throws {
        guard !today || from == nil && to == nil else {
            throw ValidationError("--today is a range by itself: leave out --from and --to")
        }
        try checkRange(from: from, to: to, names: ("--from", "--to"))
    }

    var query: Query {
        guard today else { return [("from", from), ("to", to)] }
        let tomorrow = Moment.now.adding(milliseconds: Moment.dayMilliseconds)
        return [("from", Moment.now.wibDate), ("to", tomorrow.wibDate)]
    }

    /// The range; without one, the days of this month in Jakarta.
    var queryOrMonth: Query {
        guard !today, from == nil, to == nil else { return query }
        return [("from", "\(Moment.now.wibDate.prefix(8))01")]
    }
}

struct PaymentFilterOptions: ParsableArguments {
    @OptionGroup var range: PaymentRange
    @Flag(help: "Only payments that need a decision.")
    var needsAttention = false
    @Option(help: "\(Channel.allCases.map(\.rawValue).joined(separator: " or ")).")
    var channel: String?
    @Option(help: "Only payments with this payment code.")
    var code: String?
    @Option(help: "Only payments with this invoice number, as it was paid.")
    var invoice: String?
    @Option(help: "Only payments of bills whose customer's name or e-mail contains this text.")
    var customer: String?
    @Option(
        help: ArgumentHelp(
            "Only payments with this standing, such as settled or amount_mismatch.",
            valueName: "standing"))
    var standing: String?
    @Option(name: .customLong("bill-id"), help: "Only payments of this bill.")
    var bill: Int64?
    @Option(help: "Only payments of this Client-Id.")
    var account: String?
    @Option(help: "newest or oldest, by the time of the payment if a range is given.")
    var sort: String?

    var query: Query {
        range.query + [
            ("needs_attention", needsAttention ? "true" : nil), ("channel", channel),
            ("payment_code", code), ("invoice_number", invoice), ("customer", customer),
            ("standing", standing), ("bill_id", bill.map { "\($0)" }), ("account", account),
            ("sort", sort),
        ]
    }

    /// The text for a list without payments.
    var nothing: String {
        needsAttention ? "no payment needs a decision" : "no payments"
    }
}
