// The route of inquiries: verifies, reads, looks up, signs.

import Foundation
import HTTPTypes
import Hummingbird

struct InquiryController: Sendable {
    let signing: Signing
    let bills: Bills

    private static let bodyBytesMax = 65_536
    private static let timestampWindow = 3_600.0
    private static let codeDigitsMax = 25

    /// The headers that prove who sent a request.
    private struct Proof {
        let requestID: String
    }

    @Sendable func answer(_ request: Request, _ context: some RequestContext) async throws
        -> Response
    {
        let body = Data(
            buffer: try await request.body.collect(upTo: Self.bodyBytesMax))
        let now = Date.now
        guard let proof = verify(request, body, now) else {
            return Response(
                status: .unauthorized, headers: [.contentType: "application/json"],
                body: .init(
                    byteBuffer: ByteBuffer(
                        bytes: try JSONEncoder().encode(Answer.decline(.invalidSignature)))))
        }
        let answer = try await answer(body, proof.requestID, now)
        let bytes = try JSONEncoder().encode(answer)
        let timestamp = now.formatted(.iso8601)
        let signature = signing.signature(
            of: bytes, .response, requestID: proof.requestID, timestamp: timestamp)
        return Response(
            status: answer.outcome.status.http,
            headers: [
                .contentType: "application/json", .clientID: signing.clientID,
                .requestID: proof.requestID, .responseTimestamp: timestamp,
                .signature: signature,
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func verify(_ request: Request, _ body: Data, _ now: Date) -> Proof? {
        guard request.headers[.clientID] == signing.clientID,
            let requestID = request.headers[.requestID], (1...128).contains(requestID.utf8.count),
            let timestamp = request.headers[.requestTimestamp],
            let sentAt = try? Date(timestamp, strategy: .iso8601),
            let signature = request.headers[.signature],
            signing.isValid(signature, of: body, requestID: requestID, timestamp: timestamp),
            abs(now.timeIntervalSince(sentAt)) <= Self.timestampWindow
        else { return nil }
        return Proof(requestID: requestID)
    }

    private func answer(_ body: Data, _ requestID: String, _ now: Date) async throws -> Answer {
        guard let inquiry = try? JSONDecoder().decode(Inquiry.self, from: body),
            inquiry.service.id == "ONLINE_TO_OFFLINE"
        else { return .decline(.decline) }
        let code = inquiry.info.paymentCode
        let isCode =
            (1...Self.codeDigitsMax).contains(code.utf8.count)
            && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isCode else { return .decline(.decline) }
        guard let bin = BIN.all.first(where: { code.hasPrefix($0.digits) }),
            bin.codeLength.contains(code.utf8.count)
        else { return .decline(.notFound, code: code) }
        guard bin.channels.contains(inquiry.channel.id) else {
            return .decline(.decline, code: code)
        }
        guard let bill = try await bills.bill(of: code) else {
            return .decline(.notFound, code: code)
        }
        if let refusal = bill.refusal(at: now) { return .decline(refusal, code: code) }
        let date = inquiry.asked?.date ?? ""
        let suffix =
            bill.reusable
            ? "-" + invoiceSuffix(requestID: requestID, code: code, date: date) : ""
        return Answer(
            order: .init(invoiceNumber: bill.invoiceNumber + suffix, amount: bill.amount),
            info: .init(paymentCode: code, info1: bill.info.map { String($0.prefix(30)) }),
            outcome: Outcome(status: .success),
            customer: .init(name: String(bill.customerName.prefix(64))))
    }
}

extension Outcome.Status {
    fileprivate var http: HTTPResponse.Status {
        switch self {
        case .success: .ok
        case .notFound: .notFound
        case .invalidSignature: .unauthorized
        case .alreadyPaid, .expired, .decline: .badRequest
        }
    }
}

extension HTTPField.Name {
    fileprivate static let clientID = named("Client-Id")
    fileprivate static let requestID = named("Request-Id")
    fileprivate static let requestTimestamp = named("Request-Timestamp")
    fileprivate static let responseTimestamp = named("Response-Timestamp")
    fileprivate static let signature = named("Signature")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            preconditionFailure("\(text) is a header's name")
        }
        return name
    }
}
