// `loket serve` as a process, seen from outside: its log, its two listeners, its end.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import TestSupport

struct Service {
    let child: Child
    let gatewayPort: Int
    let adminPort: Int
    private let site: Site

    /// Waits until the service listens.
    init(_ child: Child, on site: Site) async throws {
        self.child = child
        self.site = site
        (gatewayPort, adminPort) = try await eventually("the service does not listen") {
            if let ports = Self.ports(child) { return ports }
            guard child.isRunning else {
                throw Project.Missing(description: "the service ended: \(try await child.end())")
            }
            return nil
        }
    }

    var url: String { "http://127.0.0.1:\(gatewayPort)\(Site.path)" }
    var adminURL: String { "http://127.0.0.1:\(adminPort)" }

    /// Sends SIGTERM and waits for the end.
    func stop() async throws -> Child.Outcome {
        child.send(SIGTERM)
        return try await child.end()
    }

    // MARK: The log

    var log: [JSONValue] {
        child.output.split(separator: "\n").compactMap { try? StrictJSON(Array($0.utf8)).root }
    }

    /// Waits for a line whose message begins with these words.
    func logged(_ opening: String) async throws {
        try await eventually("`\(opening)` in the log") {
            log.contains { $0["message"]?.string?.hasPrefix(opening) == true }
        }
    }

    private static func ports(_ child: Child) -> (Int, Int)? {
        for line in child.output.split(separator: "\n") {
            guard let entry = try? StrictJSON(Array(line.utf8)).root,
                entry["message"]?.string == "listening", let fields = entry["fields"],
                let gateway = fields["gateway_port"]?.integer.map({ Int($0) }),
                let admin = fields["admin_port"]?.integer.map({ Int($0) })
            else { continue }
            return (gateway, admin)
        }
        return nil
    }

    // MARK: The gateway

    static func inquiry(_ code: String, by doku: Doku) -> DokuRequest {
        let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).utcText
        return doku.request(
            body: Doku.inquiryBody(code: code, counter: .alfa, date: now),
            requestID: Doku.newRequestID(), timestamp: now)
    }

    /// Sends an inquiry on a separate connection.
    func ask(_ code: String, by other: Doku? = nil) async throws -> DokuAnswer {
        let request = Self.inquiry(code, by: other ?? site.doku())
        return try await Connection.ask(request, port: gatewayPort)
    }

    // MARK: The admin side

    func admin(_ method: String, _ path: String, _ body: String = "") async throws -> JSONValue {
        let answer = try await Connection.ask(
            DokuRequest(
                method: method, target: path,
                headers: [
                    Header("Authorization", "Bearer \(try site.key)"),
                    Header("Content-Type", "application/json"),
                ],
                body: Array(body.utf8)),
            port: adminPort)
        return try StrictJSON(answer.body).root
    }

    func addBill(_ code: String, invoice: String, amount: Int = 150_000) async throws {
        let bill = try await admin(
            "POST", "/admin/v1/bills",
            """
            {"payment_code":"\(code)","invoice_number":"\(invoice)","amount":\(amount),
             "customer":{"name":"Anton Budiman"}}
            """)
        guard bill["state"]?.string == "open" else {
            throw Project.Missing(description: "no bill: \(bill)")
        }
    }

    /// Returns the Request-Ids in the journal, newest first.
    func journal() async throws -> [String] {
        var ids: [String] = []
        var query = "limit=1000"
        while true {
            let page = try await admin("GET", "/admin/v1/inquiries?\(query)")
            ids += (page["items"]?.elements ?? []).compactMap { $0["request_id"]?.string }
            guard let cursor = page["next_cursor"]?.string else { return ids }
            query = "limit=1000&cursor=\(cursor)"
        }
    }
}
