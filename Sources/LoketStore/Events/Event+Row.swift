// Reads the parts of an event's row: the bill, the payment, the attention entry and the import, as
// they were when the event was added.

import LoketCore

extension Event.BillSnapshot {
    init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("bill_id") as Int64? else { return nil }
        let stored: String? = try row.value("bill_amounts")
        self.init(
            id: id, invoiceNumber: try row.value("bill_invoice_number"),
            paymentCode: try row.value("bill_payment_code"),
            amount: try row.value("bill_amount"),
            amounts: stored.flatMap { DatedAmounts(stored: $0) },
            state: try row.value("bill_state"))
    }
}

extension Event.PaymentSnapshot {
    init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("payment_id") as Int64? else { return nil }
        let flags: String = try row.value("flags")
        self.init(
            id: id, invoiceNumber: try row.value("paid_invoice_number"),
            paymentCode: try row.value("paid_code"), amount: try row.value("paid_amount"),
            standing: try row.value("standing"),
            flags: flags.split(separator: " ").map(String.init))
    }
}

extension Event.AttentionThen {
    init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("attention_id") as Int64? else { return nil }
        self.init(id: id, kind: try row.value("attention_kind"))
    }
}

extension Event.ImportSnapshot {
    init?(_ row: TableRow) throws(StoreFault) {
        guard let id = try row.value("import_id") as Int64? else { return nil }
        self.init(
            id: id, made: try row.value("import_made"), changed: try row.value("import_changed"))
    }
}
