// DOKU's notifications to the running service, and what the admin API then returns. The signed path
// differs from the path on the wire, as behind a proxy.

import DokuSimulator
import DokuWire
import Foundation
import LoketCore
import LoketJSON
import LoketRuntime
import TestSupport
import Testing

enum Till {
    static let target = "/doku/notification"
    static let signedTarget = "/pay/doku/notification"
    static let code = "88965110000001"
    static let otherCode = "88965110000002"

    /// New in each run.
    private static let newest = Array("SK-\(UUID().uuidString)".utf8)
    private static let previous = Array("SK-\(UUID().uuidString)".utf8)
    private static let neighbours = Array("SK-\(UUID().uuidString)".utf8)
    private static let nobodys = Array("SK-\(UUID().uuidString)".utf8)

    static let doku = player(newest)
    static let dokuWithPrevious = player(previous)
    static let neighboursDoku = player(neighbours, clientID: Shop.neighbourID)
    /// Signs with a secret that no account has.
    static let forger = player(nobodys)
    /// Signs notifications for a path that is not registered.
    static let misdirected = player(newest, target: "/pay/doku/other")
    /// Signs the path on the wire, into which the proxy changes the registered path.
    static let onTheWire = player(newest, target: target)
    static let withSlash = player(newest, target: signedTarget + "/")
    static let withNewline = player(newest + [0x0A])
    static let withNeighboursSecret = player(neighbours)
    /// Sends inquiries, signed with the same secret.
    static let inquirer = player(newest, target: Shop.signedTarget)
    static let neighboursInquirer = player(
        neighbours, clientID: Shop.neighbourID, target: Shop.signedTarget)

    private static func player(
        _ secret: [UInt8], clientID: String = Shop.clientID, target: String = signedTarget
    ) -> Doku {
        Doku(clientID: clientID, secret: secret, signedTarget: target)
    }

    static func arrange(_ settings: inout Settings) {
        settings.gateway.notificationPath = target
        settings.gateway.notificationSignedPath = signedTarget
        settings.accounts[0].secrets = [Secret(utf8: newest), Secret(utf8: previous)]
        settings.accounts[1].secrets = [Secret(utf8: neighbours)]
    }

    /// DOKU's Check Status endpoint, which knows the previous or the newest secret and signs with
    /// one of them.
    static func checkStatusDesk(
        knowsPrevious: Bool = false, signsWithPrevious: Bool = false
    ) async throws -> CheckStatusServer {
        try await CheckStatusServer.start(
            clientID: Shop.clientID, secret: knowsPrevious ? previous : newest,
            answeringWith: signsWithPrevious ? previous : newest)
    }

    /// A payment of the sample bill, now unless another time is given.
    static func notice(
        _ invoice: String? = "INV-1", amount: Int64? = 150_000, code: String? = Till.code,
        at date: Moment? = .now, transaction: String? = nil,
        _ change: (inout PaymentNotice) -> Void = { _ in }
    ) -> PaymentNotice {
        var notice = PaymentNotice(
            invoiceNumber: invoice, amount: amount, paymentCode: code, date: date?.utcText,
            agentTransactionID: transaction)
        change(&notice)
        return notice
    }
}

extension Doku {
    /// A signed notification to the target on the wire.
    func notification(
        _ body: [UInt8], requestID: String = Doku.newRequestID(),
        timestamp: String = Moment.now.utcText
    ) -> DokuRequest {
        request(body: body, target: Till.target, requestID: requestID, timestamp: timestamp)
    }
}

/// Runs a service with the till's secrets, on a folder that is deleted afterwards.
func withTill(
    journalCapacity: Int = Limits.journalQueueMax, _ change: (inout Settings) -> Void = { _ in },
    _ body: (RunningService) async throws -> Void
) async throws {
    try await withFolder { folder in
        try await withTill(in: folder, journalCapacity: journalCapacity, change, body)
    }
}

/// Runs a service with the till's secrets, on a folder that is kept.
func withTill(
    in folder: URL, journalCapacity: Int = Limits.journalQueueMax,
    _ change: (inout Settings) -> Void = { _ in }, _ body: (RunningService) async throws -> Void
) async throws {
    try await withService(
        in: folder, journalCapacity: journalCapacity,
        {
            Till.arrange(&$0)
            change(&$0)
        }, body)
}

extension RunningService {
    /// Sends one notification on a new connection.
    func notify(
        _ notice: PaymentNotice, by doku: Doku = Till.doku,
        requestID: String = Doku.newRequestID()
    ) async throws -> DokuAnswer {
        try await ask(doku.notification(notice.body, requestID: requestID))
    }

    /// Sends a notification and expects 200.
    ///
    /// - Returns: the newest payment.
    @discardableResult
    func pay(
        _ notice: PaymentNotice, by doku: Doku = Till.doku,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue? {
        let answer = try await notify(notice, by: doku)
        #expect(answer.status == 200, sourceLocation: sourceLocation)
        return try await payments().first
    }

    /// Payments, newest first.
    func payments(_ query: String = "") async throws -> [JSONValue] {
        try await items("/admin/v1/payments" + query)
    }

    func items(_ path: String) async throws -> [JSONValue] {
        let answer = try await admin.get(path)
        return try #require(answer.json()["items"], "\(answer.text)").elements
    }

    func bill(_ id: String = "1") async throws -> JSONValue {
        try await admin.get("/admin/v1/bills/\(id)").json()
    }

    func state(_ id: String = "1") async throws -> String? {
        try await bill(id)["state"]?.string
    }

    /// Kinds of events, oldest first.
    func events() async throws -> [String] {
        try await items("/admin/v1/events").compactMap { $0["type"]?.string }
    }

    func edit(
        _ body: String, of id: String = "1", tag: String? = "*",
        type: String = "application/merge-patch+json"
    ) async throws -> AdminAnswer {
        try await admin.send(
            "PATCH", "/admin/v1/bills/\(id)", body: Array(body.utf8), type: type,
            more: tag.map { [("If-Match", $0)] } ?? [])
    }

    func resolve(_ id: String, _ body: String) async throws -> AdminAnswer {
        try await admin.post("/admin/v1/payments/\(id)/resolve", body)
    }

    /// The value of a sample in /metrics.
    func metric(_ name: String) async throws -> Int? {
        let text = try await admin.get("/metrics").text
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}

/// Expects that the totals of the deliveries and of the standings agree.
func expectTotalsAgree(
    _ service: RunningService, count: Int64, amount: Int64,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let answer = try await service.admin.get("/admin/v1/payments/totals")
    let totals = try answer.json()
    let received = totals["received"]
    #expect(
        received?["count"]?.integer == count, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(
        received?["amount"]?.integer == amount, "\(answer.text)", sourceLocation: sourceLocation)
    let standings = totals["standings"]?.elements ?? []
    #expect(
        standings.reduce(0) { $0 + ($1["count"]?.integer ?? 0) } == count, "\(answer.text)",
        sourceLocation: sourceLocation)
    #expect(
        standings.reduce(0) { $0 + ($1["amount"]?.integer ?? 0) } == amount, "\(answer.text)",
        sourceLocation: sourceLocation)
}
