// The inquiry of DOKU's Online to Offline, read from a strict document. Three fields are required
// and must be strings; everything else may be missing or of any type.

import LoketCore
import LoketJSON
import LoketSystem

package struct O2OInquiry: Sendable {
    package static let serviceID = "ONLINE_TO_OFFLINE"

    /// `service.id` and `channel.id` as sent.
    package let serviceID: String
    package let channelID: String
    /// `acquirer.id`, kept for the journal and not judged.
    package let acquirerID: String?
    /// `online_to_offline_info.payment_code` as sent, well formed or not.
    package let codeText: String
    /// `online_to_offline_inquiry.date` as sent; empty where it is absent or no string.
    package let date: String

    /// Whether a body is a notification: it has the status of a transaction, and does not ask.
    package static func isNotification(_ body: [UInt8]) -> Bool {
        guard let root = try? TolerantJSON(body, depthMax: Limits.notificationDepthMax).root else {
            return false
        }
        return root["transaction"]?["status"] != nil && root["online_to_offline_inquiry"] == nil
    }

    /// Whether a document has nothing of a payment in it.
    package static func isWithoutPayment(_ document: StrictJSON) -> Bool {
        document.root["transaction"] == nil && document.root["order"] == nil
    }

    /// Nil where a required field is missing or not a string.
    package init?(_ document: StrictJSON) {
        let root = document.root
        guard let serviceID = root["service"]?["id"]?.string,
            let channelID = root["channel"]?["id"]?.string,
            let codeText = root["online_to_offline_info"]?["payment_code"]?.string
        else { return nil }
        self.serviceID = serviceID
        self.channelID = channelID
        self.codeText = codeText
        acquirerID = root["acquirer"]?["id"]?.string
        date = root["online_to_offline_inquiry"]?["date"]?.string ?? ""
    }

    /// The inquiry in the core's words. Ids are compared by their bytes: `String` would take a
    /// Kelvin sign for a K.
    ///
    /// - Parameter channels: how DOKU spells each channel.
    package func inquiry(channels: [(id: String, channel: Channel)]) -> Inquiry {
        Inquiry(
            speaksService: serviceID.utf8.elementsEqual(Self.serviceID.utf8),
            channel: channels.first { $0.id.utf8.elementsEqual(channelID.utf8) }?.channel,
            paymentCode: PaymentCode(codeText))
    }
}

/// DOKU's Online to Offline, non-SNAP: the one protocol that is spoken today.
package enum O2O {
    /// Its name in the journal and in the ledger.
    package static let dialect = "o2o"
}

/// The suffix that gives one inquiry its own invoice number: a hash, so that the same request
/// gets the same number without anything being written.
extension InvoiceSuffix {
    /// From SHA-256 over `Request-Id LF payment code LF date as sent`.
    package init(requestID: String, paymentCode: PaymentCode, date: String) {
        let text = requestID + "\n" + paymentCode.digits + "\n" + date
        self.init(leadingBitsOf: SHA256Digest(of: Array(text.utf8)).leadingBits)
    }
}
