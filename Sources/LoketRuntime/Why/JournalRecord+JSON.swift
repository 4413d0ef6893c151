// An answered inquiry as the admin API writes it.

import DokuWire
import LoketJSON
import LoketStore

extension JournalRecord {
    package func write(to object: inout JSONWriter, account: [Int64: String]) {
        let verdict = O2OVerdict(entry.answeredBy)
        object.field("id", "\(id)")
        object.field("received_at", entry.receivedAt.utcText)
        object.field("request_id", entry.requestID)
        object.field("dialect", entry.dialect)
        object.field("account", account[entry.accountID])
        object.field("payment_code", entry.codeText)
        object.field("channel", entry.channel)
        object.field("acquirer", entry.acquirer)
        object.field("guard", entry.answeredBy.rawValue)
        object.field("status", verdict.status?.rawValue)
        object.field("http_status", Int64(verdict.http))
        object.field("bill_id", entry.billID.map { "\($0)" })
        object.field("amount", entry.amount)
        object.field("invoice_number", entry.invoiceNumber)
        object.field("duration_us", entry.durationMicroseconds)
        object.field("skew_ms", entry.skewMilliseconds)
    }
}
