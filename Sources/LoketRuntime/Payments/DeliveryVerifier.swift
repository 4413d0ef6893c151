// Verifies the bytes of a notification and parses them for the ledger. It uses no socket, database
// or clock. The settings decide which senders are trusted; they never change what was paid.

import DokuWire
import LoketCore
import LoketJSON
import LoketStore

/// Decides how a request to the notification address is handled.
///
///     switch verifier.begin(headers: headers, body: body, now: now) {
///     case .record(let verified):   // store.take(verified.delivery, verified.contents)
///     case .refused(let cause, let request):   // quarantine.keep(request), unless it is nil
///     case .inquiry:   // an inquiry at the wrong address
///     }
package struct DeliveryVerifier: Sendable {
    private let registry: AccountRegistry
    private let gateway: Settings.Gateway

    package init(settings: Settings, registry: AccountRegistry) {
        self.registry = registry
        gateway = settings.gateway
    }

    /// The address of the gateway at which a request arrived.
    package enum Address: Sendable {
        case notifications
        case inquiries
    }

    private func signedPath(at address: Address) -> String {
        switch address {
        case .notifications: gateway.notificationSignedPath
        case .inquiries: gateway.inquirySignedPath
        }
    }

    package enum Step: Sendable {
        /// The request did not verify. With a configured Client-Id it may still report a payment.
        case refused(WireRejection, QuarantinedRequest?)
        case record(Verified)
        /// A verified inquiry, which reports no payment: the wrong address is registered at DOKU.
        case inquiry
    }

    /// A delivery with a valid signature.
    package struct Verified: Sendable {
        package let delivery: Delivery
        package let contents: DeliveryContents
        package let proof: Credentials.Proof
    }

    /// - Parameters:
    ///   - headers: the header lines as received.
    ///   - body: the exact bytes of the body.
    package func begin(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8],
        at address: Address = .notifications, now: Moment
    ) -> Step {
        let signedPath = signedPath(at: address)
        let active = registry.current
        let proof: Credentials.Proof
        let signed: SignedHeaders
        do throws(WireRejection) {
            signed = try SignedHeaders(headers)
            proof = try active.credentials.verify(
                signed, target: signedPath, body: body, anyTimestamp: true)
        } catch {
            return .refused(error, quarantined(headers, body, error, active, now))
        }
        let account = active[proof]
        let delivery = Delivery(
            accountID: account.id, clientID: proof.clientID, dialect: O2O.dialect,
            receivedAt: now, source: .notification, target: signedPath,
            requestID: proof.requestID, timestamp: signed.timestamp, body: body,
            isSigned: true)
        let contents = DeliveryContents(delivery, bins: account.terms.bins)
        if case .unreadable = contents.reading, isInquiry(body) { return .inquiry }
        return .record(Verified(delivery: delivery, contents: contents, proof: proof))
    }

    /// Returns the fault of the headers (one of DOKU's four, or an unknown Client-Id), or nil.
    package func rejection(
        of headers: some Sequence<(name: String, value: String)>
    ) -> WireRejection? {
        do throws(WireRejection) {
            let clientID = try SignedHeaders(headers).clientID
            return registry.current.accountID(of: clientID) == nil ? .clientIDUnknown : nil
        } catch {
            return error
        }
    }

    private func isInquiry(_ body: [UInt8]) -> Bool {
        guard let document = try? StrictJSON(body) else { return false }
        return O2OInquiry(document) != nil && O2OInquiry.isWithoutPayment(document)
    }

    /// Returns the request with only DOKU's four headers; nil unless its Client-Id is configured.
    private func quarantined(
        _ headers: some Sequence<(name: String, value: String)>, _ body: [UInt8],
        _ cause: WireRejection, _ active: ActiveAccounts, _ now: Moment
    ) -> QuarantinedRequest? {
        let names: Set<String> = ["client-id", "request-id", "request-timestamp", "signature"]
        let kept = headers.filter { names.contains($0.name.lowercased()) }
        let clients = kept.filter { $0.name.lowercased() == "client-id" }
        guard clients.count == 1, let clientID = clients.first?.value,
            let accountID = active.accountID(of: clientID)
        else { return nil }
        return QuarantinedRequest(
            accountID: accountID, receivedAt: now, cause: cause.rawValue, headers: kept,
            body: body)
    }
}

/// Parsing of a delivery's contents, from a notification or from Check Status.
extension O2ONotification {
    package init(_ delivery: Delivery, reader: ReaderVersion = .current) {
        let asked =
            delivery.source == .checkStatus
            ? CheckStatus.invoiceNumber(ofTarget: delivery.target) : nil
        self.init(delivery.body, source: delivery.source, asked: asked, reader: reader)
    }
}

extension DeliveryContents {
    /// - Parameter bins: the account's current BINs.
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

/// Parses a delivery of the ledger with a given version of the reader.
let readDelivery: DeliveryReader = { delivery, reader in
    let notification = O2ONotification(delivery, reader: reader)
    return (notification.status, notification.reading)
}
