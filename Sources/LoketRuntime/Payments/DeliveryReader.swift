// What a delivery says, whichever way it came: the store keeps the bytes, the wire reads them.

import DokuWire
import LoketCore
import LoketStore

extension O2ONotification {
    package init(_ delivery: Delivery, reader: ReaderVersion = .current) {
        let asked =
            delivery.source == .checkStatus
            ? CheckStatus.invoiceNumber(ofTarget: delivery.target) : nil
        self.init(delivery.body, source: delivery.source, asked: asked, reader: reader)
    }
}

extension DeliveryContents {
    /// - Parameter bins: those of the account, as they are today.
    init(_ delivery: Delivery, bins: BINTable) {
        let notification = O2ONotification(delivery)
        var isOurs = true
        if case .success(let receipt) = notification.reading,
            let code = receipt.codeText.flatMap({ PaymentCode($0) })
        {
            isOurs = bins.bin(of: code) != nil
        }
        self.init(
            status: notification.status, reading: notification.reading, codeIsOurs: isOurs)
    }
}

/// What a delivery of the ledger says.
let readDelivery: DeliveryReader = { delivery, reader in
    let notification = O2ONotification(delivery, reader: reader)
    return (notification.status, notification.reading)
}
