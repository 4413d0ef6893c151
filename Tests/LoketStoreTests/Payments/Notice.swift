// The content of a delivery in these tests. The store does not read bodies, so a body is any text
// that belongs to one notice only.

import LoketCore
import LoketStore

struct Notice: Sendable {
    var number: String? = "INV-1"
    var amount: Int64? = 150_000
    var code: String? = Sample.codeText
    var date: String? = Sample.now.utcText
    /// `channel.id`.
    var channel: String? = "ONLINE_TO_OFFLINE_ALFA"
    /// `NAME=value`.
    var ids: [String] = []
    var source = ReportedPayment.Source.notification
    var isOurService = true
    var status: String? = "SUCCESS"
    var isUnreadable = false
    /// Whether the first version of the reader could not read the notice.
    var isUnreadableToFirst = false
    /// Whether the code belongs to the configured BINs.
    var codeIsOurs = true
    var isSigned: Bool? = true

    /// Returns `Sample.now` plus these milliseconds in DOKU's format.
    static func date(_ milliseconds: Int64) -> String {
        Sample.now.adding(milliseconds: milliseconds).utcMillisecondText
    }

    func with(_ change: (inout Notice) -> Void) -> Notice {
        var notice = self
        change(&notice)
        return notice
    }

    var body: [UInt8] { Array("\(self)".utf8) }

    private var receipt: ReportedPayment {
        let identifiers = ids.map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return ReportedPayment.Identifier(name: parts[0], value: parts.last ?? "")
        }
        return ReportedPayment(
            source: source, isOurService: isOurService, invoiceNumber: number,
            amount: amount.flatMap { Rupiah(whole: $0) }, codeText: code, dateText: date,
            channelID: channel, identifiers: identifiers)
    }

    var reading: DeliveryReading {
        if isUnreadable || status == nil { return .unreadable(receipt) }
        return status == "SUCCESS" ? .success(receipt) : .notSuccess(receipt)
    }

    var contents: DeliveryContents {
        DeliveryContents(status: status, reading: reading, codeIsOurs: codeIsOurs)
    }

    func delivery(
        _ requestID: String, account: Int64, clientID: String = OpenStore.clientID,
        at moment: Moment = Sample.now
    ) -> Delivery {
        Delivery(
            accountID: account, clientID: clientID, dialect: "o2o", receivedAt: moment,
            source: source, target: "/doku/notification", requestID: requestID,
            timestamp: moment.utcText, body: body, isSigned: isSigned)
    }
}
