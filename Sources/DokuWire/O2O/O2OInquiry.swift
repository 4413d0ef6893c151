// The inquiry of DOKU's Online to Offline, parsed from strict JSON. Three fields are required and
// must be strings; all other fields may be missing or of any type.

import LoketCore
import LoketJSON
import LoketSystem

package struct O2OInquiry: Sendable {
    package static let serviceID = "ONLINE_TO_OFFLINE"

    /// Whether `service.id` is that of Online to Offline.
    package let isOurService: Bool
    private let channel: JSONValue
    private let dated: JSONValue?
    /// `acquirer.id`, recorded in the journal and not checked.
    package let acquirerID: String?
    /// `online_to_offline_info.payment_code` as sent, even if malformed.
    package let codeText: String

    /// `channel.id` as sent.
    package var channelID: String { channel.string ?? "" }
    /// `online_to_offline_inquiry.date` as sent; empty if absent or not a string.
    package var date: String { dated?.string ?? "" }

    /// Returns whether a body is a notification: it has a transaction status and no inquiry object.
    package static func isNotification(_ body: [UInt8]) -> Bool {
        guard let root = try? TolerantJSON(body, depthMax: Limits.notificationDepthMax).root else {
            return false
        }
        return root["transaction"]?["status"] != nil && root["online_to_offline_inquiry"] == nil
    }

    /// Returns whether a document contains no part of a payment.
    package static func isWithoutPayment(_ document: StrictJSON) -> Bool {
        document.root["transaction"] == nil && document.root["order"] == nil
    }

    /// Returns nil if a required field is missing or not a string.
    package init?(_ document: StrictJSON) {
        let root = document.root
        guard let service = root["service"]?["id"], service.isString,
            let channel = root["channel"]?["id"], channel.isString,
            let codeText = root["online_to_offline_info"]?["payment_code"]?.string
        else { return nil }
        isOurService = service.isString(Self.serviceID)
        self.channel = channel
        self.codeText = codeText
        acquirerID = root["acquirer"]?["id"]?.string
        dated = root["online_to_offline_inquiry"]?["date"]
    }

    /// Converts to the type of LoketCore. Ids are compared as bytes: `String` would equate the
    /// Kelvin sign and K.
    ///
    /// - Parameter channels: DOKU's id of each channel.
    package func inquiry(channels: [(id: String, channel: Channel)]) -> Inquiry {
        Inquiry(
            speaksService: isOurService,
            channel: channels.first { channel.isString($0.id) }?.channel,
            paymentCode: PaymentCode(codeText))
    }
}

/// DOKU's Online to Offline, non-SNAP: the only protocol supported today.
package enum O2O {
    /// The protocol's name in the journal and in the ledger.
    package static let dialect = "o2o"
}

/// The suffix that makes an invoice number unique to one inquiry. A hash, so that a repeated
/// request has the same number without stored state.
extension InvoiceSuffix {
    /// Hashes `Request-Id LF payment code LF date as sent` with SHA-256.
    package init(requestID: String, paymentCode: PaymentCode, date: String) {
        let text = requestID + "\n" + paymentCode.digits + "\n" + date
        self.init(leadingBitsOf: SHA256Digest(of: Array(text.utf8)).leadingBits)
    }
}
