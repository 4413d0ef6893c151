// Both clients of a running service in these tests: DOKU, which sends signed notifications, and
// the merchant, who creates bills and reads the results.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

struct PaymentDesk: Sendable {
    static let path = "/doku/notification"
    /// Below the ports that the kernel assigns. Otherwise a client that repeatedly connects to a
    /// stopped service could be assigned the service's port as its own.
    private static let fixedPorts = 12_000..<30_000
    private static let billsPerRequest = 1000

    let gatewayPort: Int
    let adminPort: Int
    private let doku: Doku
    private let key: String

    init(_ site: Site, _ service: Service) throws {
        gatewayPort = service.gatewayPort
        adminPort = service.adminPort
        doku = Doku(
            clientID: Site.clientID, secret: Array(site.secret.utf8), signedTarget: Self.path)
        key = try site.key
    }

    /// Writes the site's settings with two fixed ports, for restarts on the same ports.
    static func fixPorts(of site: Site) throws {
        var ports: [Int] = []
        while ports.count < 2 {
            let port = Int.random(in: fixedPorts)
            // If a server answers, the port is taken.
            if !ports.contains(port), (try? Connection(port: port)) == nil { ports.append(port) }
        }
        try site.writeSettings(gatewayPort: ports[0], adminPort: ports[1])
    }

    // MARK: DOKU's side

    /// - Parameter id: The Request-Id; equal ids with equal bodies are one delivery.
    func request(_ body: [UInt8], id: String = Doku.newRequestID()) -> DokuRequest {
        doku.request(body: body, requestID: id, timestamp: PaymentBill.now())
    }

    func request(_ notice: PaymentNotice, id: String = Doku.newRequestID()) -> DokuRequest {
        request(notice.body, id: id)
    }

    /// Sends once, on a separate connection.
    func tell(_ request: DokuRequest) async throws -> DokuAnswer {
        try await Connection.ask(request, port: gatewayPort)
    }

    /// Sends, and expects the answer to a recorded notification.
    func expectTaken(
        _ request: DokuRequest, of bill: PaymentBill, location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await tell(request)
        #expect(answer.status == 200, sourceLocation: location)
        #expect(answer.body == bill.answerBody, sourceLocation: location)
        #expect(doku.signature(of: answer, to: request) == .verified, sourceLocation: location)
    }

    // MARK: The merchant's side

    func adminRequest(
        _ method: String, _ target: String, _ body: String = "", ifMatch: String? = nil
    ) -> DokuRequest {
        var headers = [
            Header("Authorization", "Bearer \(key)"), Header("Content-Type", "application/json"),
        ]
        if let ifMatch { headers.append(Header("If-Match", ifMatch)) }
        return DokuRequest(
            method: method, target: target, headers: headers, body: Array(body.utf8))
    }

    /// - Throws: If the answer is not 2xx.
    func admin(
        _ method: String, _ target: String, _ body: String = ""
    ) async throws -> JSONValue {
        let answer = try await Connection.ask(
            adminRequest(method, target, body), port: adminPort)
        guard (200..<300).contains(answer.status) else {
            let text = String(decoding: answer.body, as: UTF8.self)
            throw Project.Missing(description: "\(method) \(target): \(answer.status) \(text)")
        }
        return try StrictJSON(answer.body).root
    }

    /// Returns every item of a list, page after page.
    func items(_ target: String) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        let mark = target.contains("?") ? "&" : "?"
        var page = try await admin("GET", "\(target)\(mark)limit=1000")
        while true {
            items += page["items"]?.elements ?? []
            guard let cursor = page["next_cursor"]?.string else { return items }
            page = try await admin("GET", "\(target)\(mark)limit=1000&cursor=\(cursor)")
        }
    }

    /// Creates the bills with these numbers.
    func addBills(_ numbers: Range<Int>) async throws -> [PaymentBill] {
        var bills: [PaymentBill] = []
        for start in stride(
            from: numbers.lowerBound, to: numbers.upperBound, by: Self.billsPerRequest)
        {
            let part = start..<min(start + Self.billsPerRequest, numbers.upperBound)
            let list = part.map(PaymentBill.json).joined(separator: ",")
            let made = try await admin("POST", "/admin/v1/bills", "[\(list)]")
            let ids = (made["items"]?.elements ?? []).compactMap { $0["id"]?.string }
            try #require(ids.count == part.count)
            bills += zip(ids, part).map { PaymentBill(id: $0, number: $1) }
        }
        return bills
    }

    func bill(_ bill: PaymentBill) async throws -> JSONValue {
        try await admin("GET", "/admin/v1/bills/\(bill.id)")
    }

    /// Returns the payments with the bill's invoice number, newest first.
    func payments(of bill: PaymentBill) async throws -> [JSONValue] {
        try await items("/admin/v1/payments?invoice_number=\(bill.invoice)")
    }

    func totals() async throws -> PaymentTotals {
        PaymentTotals(try await admin("GET", "/admin/v1/payments/totals"))
    }

    /// Returns the status of /ready.
    func readiness() async throws -> Int {
        try await Connection.ask(adminRequest("GET", "/ready"), port: adminPort).status
    }

    /// Expects that the bill is paid by exactly this one settled payment.
    func expectPaidOnce(
        _ bill: PaymentBill, location: SourceLocation = #_sourceLocation
    ) async throws {
        let payments = try await payments(of: bill)
        let standings = payments.compactMap { $0["standing"]?.string }
        #expect(standings == ["settled"], "\(bill)", sourceLocation: location)
        #expect(payments.first?["amount"]?.integer == bill.amount, sourceLocation: location)
        #expect(payments.first?["bill_id"]?.string == bill.id, sourceLocation: location)
        let shown = try await self.bill(bill)
        #expect(shown["state"]?.string == "paid", "\(bill)", sourceLocation: location)
    }
}
