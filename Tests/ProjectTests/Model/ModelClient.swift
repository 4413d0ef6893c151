// The model's client of the service: one open connection to each listener, because connecting for
// each of a hundred thousand operations would take too long.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport

final class ModelClient {
    static let notificationPath = "/doku/notification"

    /// An answer of the admin API.
    struct Answer {
        let status: Int
        let body: JSONValue
        let tag: String?

        /// The cause of a problem; otherwise empty.
        var cause: String? {
            body["type"]?.string.map { $0.replacing("urn:loket:problem:", with: "") }
        }
    }

    private let inquirer: Doku
    private let notifier: Doku
    private let clock: ProcessClock
    private let key: String
    private let gatewayPort: Int
    private let adminPort: Int
    private var gateway: Connection
    private var adminSide: Connection

    init(_ service: Service, on site: Site, clock: ProcessClock) throws {
        self.clock = clock
        inquirer = site.doku()
        notifier = Doku(
            clientID: Site.clientID, secret: Array(site.secret.utf8),
            signedTarget: Self.notificationPath)
        key = try site.key
        gatewayPort = service.gatewayPort
        adminPort = service.adminPort
        gateway = try Connection(port: gatewayPort)
        adminSide = try Connection(port: adminPort)
    }

    /// Must be called before the service's idle timeout closes the connection.
    func reconnect() throws {
        gateway = try Connection(port: gatewayPort)
        adminSide = try Connection(port: adminPort)
    }

    // MARK: DOKU's side

    /// Sends a signed notification.
    ///
    /// - Throws: Also if the answer is not signed correctly.
    func notify(_ body: [UInt8], requestID: String) async throws -> DokuAnswer {
        try await ask(body, requestID: requestID, as: notifier)
    }

    func inquire(_ code: String, requestID: String) async throws -> DokuAnswer {
        let body = Doku.inquiryBody(code: code, counter: .alfa, date: clock.now.utcText)
        return try await ask(body, requestID: requestID, as: inquirer)
    }

    private func ask(
        _ body: [UInt8], requestID: String, as doku: Doku
    ) async throws -> DokuAnswer {
        let request = doku.request(
            body: body, requestID: requestID, timestamp: clock.now.utcText)
        let connection = gateway
        let answer = try await blocking { try connection.ask(request) }
        let signature = doku.signature(of: answer, to: request)
        guard signature == .verified else {
            throw ModelDisagreement("HTTP \(answer.status), and its signature: \(signature)")
        }
        return answer
    }

    // MARK: The merchant's side

    func admin(
        _ method: String, _ path: String, _ body: String = "", headers: [Header] = []
    ) async throws -> Answer {
        var all = [Header("Authorization", "Bearer \(key)")] + headers
        if !headers.contains(where: { $0.name == "Content-Type" }) {
            all.append(Header("Content-Type", "application/json"))
        }
        let request = DokuRequest(
            method: method, target: "/admin/v1/" + path, headers: all, body: Array(body.utf8))
        let connection = adminSide
        let answer = try await blocking { try connection.ask(request) }
        guard let root = try? StrictJSON(answer.body).root else {
            throw ModelDisagreement("\(method) \(path): HTTP \(answer.status), and no JSON")
        }
        return Answer(status: answer.status, body: root, tag: answer.header("ETag"))
    }

    func get(_ path: String) async throws -> JSONValue {
        let answer = try await admin("GET", path)
        guard answer.status == 200 else {
            throw ModelDisagreement("GET \(path): \(answer.status) \(answer.cause ?? "")")
        }
        return answer.body
    }

    /// Reads every item of a list, page by page.
    func all(_ path: String, _ take: (JSONValue) throws -> Void) async throws {
        let start = path + (path.contains("?") ? "&" : "?") + "limit=1000"
        var page = start
        while true {
            let body = try await get(page)
            for item in body["items"]?.elements ?? [] { try take(item) }
            guard let cursor = body["next_cursor"]?.string else { return }
            page = start + "&cursor=\(cursor)"
        }
    }
}
