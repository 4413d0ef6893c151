// One question to DOKU's Check Status, and what its answer comes to.

import AsyncHTTPClient
import DokuWire
import Foundation
import LoketCore
import LoketStore
import NIOCore

struct CheckStatusClient: Sendable {
    enum Answer: Sendable {
        /// Paid, by what the delivery says.
        case paid(Delivery)
        case unpaid
        /// DOKU knows no such invoice.
        case unknown
        case failed(String)
    }

    private let baseURL: String
    private let basePath: String

    /// Follows no redirect: what is signed is signed for one path.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(Limits.checkStatusTimeoutSeconds)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// - Parameter baseURL: scheme, host and perhaps a path, without a slash at its end.
    init(baseURL: String) {
        let path = URLComponents(string: baseURL)?.percentEncodedPath ?? ""
        basePath = path
        self.baseURL = String(baseURL.dropLast(path.utf8.count))
    }

    /// Asks with the newest secret first; during a rotation DOKU may still want the other.
    func ask(
        _ invoiceNumber: String, account: Settings.Account, accountID: Int64
    ) async -> Answer {
        var answer = Answer.failed("the account has no secret")
        for secret in account.secrets {
            answer = await ask(
                invoiceNumber, clientID: account.clientID, accountID: accountID, secret: secret,
                now: .now)
            guard case .failed(Self.refused) = answer else { return answer }
        }
        return answer
    }

    private static let refused = "DOKU refused the signature (HTTP 401)"

    private func ask(
        _ invoiceNumber: String, clientID: String, accountID: Int64, secret: Secret, now: Moment
    ) async -> Answer {
        let requestID = UUID().uuidString.lowercased()
        let target = CheckStatus.target(basePath: basePath, invoiceNumber: invoiceNumber)
        var request = HTTPClientRequest(url: baseURL + target)
        for (name, value) in CheckStatus.headers(
            clientID: clientID, requestID: requestID, now: now, target: target, secret: secret)
        {
            request.headers.add(name: name, value: value)
        }
        do {
            let response = try await Self.client.execute(
                request, timeout: .seconds(Limits.checkStatusTimeoutSeconds))
            let body = Array(
                try await response.body.collect(upTo: Limits.checkStatusAnswerBytesMax)
                    .readableBytesView)
            switch response.status {
            case .ok: break
            case .notFound: return .unknown
            case .unauthorized: return .failed(Self.refused)
            default: return .failed("HTTP \(response.status.code)")
            }
            if let signature = response.headers.first(name: "Signature") {
                let timestamp = response.headers.first(name: "Response-Timestamp") ?? ""
                guard
                    CheckStatus.verifies(
                        signature, clientID: clientID, requestID: requestID,
                        timestamp: timestamp, target: target, body: body, secret: secret)
                else { return .failed("the answer's signature is wrong") }
            }
            return Self.judge(
                Delivery(
                    accountID: accountID, clientID: clientID, dialect: O2O.dialect,
                    receivedAt: now, source: .checkStatus, target: target, requestID: requestID,
                    timestamp: now.utcText, body: body, isSigned: true),
                asked: invoiceNumber)
        } catch {
            return .failed("no answer: \(error)")
        }
    }

    private static func judge(_ delivery: Delivery, asked: String) -> Answer {
        let notification = O2ONotification(delivery)
        switch notification.reading {
        case .success(let receipt):
            guard receipt.invoiceNumber == asked else {
                return .failed("the answer is about another invoice")
            }
            return .paid(delivery)
        case .notSuccess: return .unpaid
        // Told to be paid, and no amount: somebody has to look at it.
        case .unreadable where notification.status != nil: return .paid(delivery)
        case .unreadable: return .failed("the answer has no transaction.status")
        }
    }
}
