// The query for the status of an invoice at DOKU: a signed GET, and the check of the answer.

import LoketCore
import LoketSystem

package enum CheckStatus {
    /// Returns the path of the query, which is also the signed path.
    ///
    /// - Parameter basePath: the path of the configured base URL, without a final slash.
    package static func target(basePath: String, invoiceNumber: String) -> String {
        basePath + "/orders/v1/status/" + percentEncoded(invoiceNumber)
    }

    /// Returns the invoice number in the path of a query.
    package static func invoiceNumber(ofTarget target: String) -> String? {
        guard let last = target.lastIndex(of: "/") else { return nil }
        let number = percentDecoded(target[target.index(after: last)...])
        return number?.isEmpty == true ? nil : number
    }

    /// Returns the four headers of the query; a GET has no Digest line.
    package static func headers(
        clientID: String, requestID: String, now: Moment, target: String, secret: Secret
    ) -> [(name: String, value: String)] {
        let component = Signature.component(
            .request, clientID: clientID, requestID: requestID, timestamp: now.utcText,
            target: target, body: nil)
        return [
            ("Client-Id", clientID), ("Request-Id", requestID),
            ("Request-Timestamp", now.utcText),
            ("Signature", secret.signature(over: component)),
        ]
    }

    /// Returns whether an answer's signature is right; the caller decides whether one is required.
    package static func verifies(
        _ signature: String, clientID: String, requestID: String, timestamp: String,
        target: String, body: [UInt8], secret: Secret
    ) -> Bool {
        let component = Signature.component(
            .response, clientID: clientID, requestID: requestID, timestamp: timestamp,
            target: target, body: body)
        return equalInConstantTime(secret.signature(over: component), signature)
    }
}
