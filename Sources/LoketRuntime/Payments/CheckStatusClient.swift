// Sends one request to DOKU's Check Status API and interprets the response.

import AsyncHTTPClient
import DokuWire
import Foundation
import LoketCore
import LoketStore
import NIOCore

struct CheckStatusClient: Sendable {
    enum Answer: Sendable {
        /// A delivery that reports the invoice as paid.
        case paid(Delivery)
        /// A delivery with a status that DOKU does not document.
        case unknownStatus(Delivery)
        case unpaid
        /// DOKU has no invoice with this number.
        case unknown
        case failed(String)
    }

    private let baseURL: String
    private let basePath: String
    private let answersSigned: Bool

    private static let client = HTTPClient.tryingOnce(
        connect: .seconds(Limits.checkStatusTimeoutSeconds))

    init(settings: Settings.CheckStatus) {
        let path = URLComponents(string: settings.baseURL)?.percentEncodedPath ?? ""
        basePath = path
        baseURL = String(settings.baseURL.dropLast(path.utf8.count))
        answersSigned = settings.answersSigned
    }

    /// Requests the status of an invoice, with the newest secret first: during a rotation DOKU may
    /// still expect the old one.
    func ask(
        _ invoiceNumber: String, account: Settings.Account, accountID: Int64
    ) async -> Answer {
        var answer = Answer.failed("the account has no secret key in the settings")
        for secret in account.secrets {
            answer = await ask(
                invoiceNumber, account: account, accountID: accountID, secret: secret, now: .now)
            guard case .failed(Self.refused) = answer else { return answer }
        }
        return answer
    }

    private static let refused = "DOKU refused the signature (HTTP 401)"
    private static let unsigned =
        "DOKU's answer is not signed, so no payment was recorded; if your DOKU server signs no "
        + "answers, set check_status.answers_signed: false"

    private func ask(
        _ invoiceNumber: String, account: Settings.Account, accountID: Int64, secret: Secret,
        now: Moment
    ) async -> Answer {
        let clientID = account.clientID
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
            case .ok, .notFound: break
            case .unauthorized: return .failed(Self.refused)
            default: return .failed("DOKU answered HTTP \(response.status.code)")
            }
            let signature = response.headers.first(name: "Signature")
            if let signature {
                let timestamp = response.headers.first(name: "Response-Timestamp") ?? ""
                // During a rotation DOKU may sign its response with the other secret.
                let isRight = account.secrets.contains { secret in
                    CheckStatus.verifies(
                        signature, clientID: clientID, requestID: requestID,
                        timestamp: timestamp, target: target, body: body, secret: secret)
                }
                guard isRight else { return .failed("the signature of DOKU's answer is wrong") }
            } else if answersSigned {
                return .failed(Self.unsigned)
            }
            guard response.status == .ok else { return .unknown }
            return Self.judge(
                Delivery(
                    accountID: accountID, clientID: clientID, dialect: O2O.dialect,
                    receivedAt: now, source: .checkStatus, target: target, requestID: requestID,
                    timestamp: now.utcText, body: body, isSigned: signature != nil),
                asked: invoiceNumber)
        } catch {
            return .failed("DOKU did not answer: \(connectionFailure(error) ?? "\(error)")")
        }
    }

    private static func judge(_ delivery: Delivery, asked: String) -> Answer {
        let notification = O2ONotification(delivery)
        switch notification.reading {
        case .success(let receipt), .notSuccess(let receipt):
            guard receipt.invoiceNumber == asked else {
                return .failed("DOKU's answer is about another invoice")
            }
            if case .success = notification.reading { return .paid(delivery) }
            let status = notification.status.flatMap { TransactionStatus(word: $0) }
            return status == nil ? .unknownStatus(delivery) : .unpaid
        // A status without a readable amount is entered, for a person to decide.
        case .unreadable where notification.status != nil: return .paid(delivery)
        case .unreadable: return .failed("DOKU's answer has no transaction.status")
        }
    }
}
