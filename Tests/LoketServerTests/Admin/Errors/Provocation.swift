// One request that must be answered with one error: the scene in which the request is sent, and the
// expected status, type and words of the detail. The tables are in the other files of this folder.
// Not a test.

import Testing

struct Provocation: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    private let body: String
    private let type: String
    private let headers: [(name: String, value: String)]
    private let isRaw: Bool
    let scene: Scene
    let status: Int
    let cause: String
    /// Words that the detail must contain.
    let saying: String

    /// - Parameters:
    ///   - request: method and path, which is under `/admin/v1`.
    ///   - isRaw: written by hand with only these header lines, for requests that no client sends.
    ///   - cause: the last word of the problem's type.
    init(
        _ request: String, sending body: String = "", type: String = "application/json",
        headers: [(name: String, value: String)] = [], isRaw: Bool = false,
        in scene: Scene = .nothing, _ status: Int, _ cause: String, saying: String
    ) {
        let words = request.split(separator: " ").map(String.init)
        method = words.first ?? ""
        path = "/admin/v1" + (words.last ?? "")
        self.body = body
        self.type = type
        self.headers = headers
        self.isRaw = isRaw
        self.scene = scene
        self.status = status
        self.cause = cause
        self.saying = saying
    }

    var testDescription: String { "\(method) \(path): \(cause), \(saying)" }

    static let all: [Provocation] = [
        ofRequests, ofKeys, ofListsOfOneAccount, ofOneAccount, ofBills, ofPayments, ofOperation,
        ofRoom, ofDamagedBills, ofDamagedPayments,
    ].flatMap(\.self)

    /// All provocations, grouped by scene.
    static let byScene: [[Provocation]] = Array(
        Dictionary(grouping: all) { ObjectIdentifier($0.scene) }.values)

    func send(by client: AdminClient) async throws -> AdminAnswer {
        let lines = headers + [("Content-Type", type)]
        guard isRaw else {
            return try await client.send(
                method, path, body: Array(body.utf8), type: type, more: headers)
        }
        return try await client.sendRaw(method, path, lines, Array(body.utf8))
    }

    /// The documented operation that this request is for; nil if there is none.
    func operation(in document: OpenAPIReader) -> OpenAPIReader.Operation? {
        let parts = path.split(separator: "?")[0].split(separator: "/")
        let fitting = document.operations.filter { operation in
            let own = operation.path.split(separator: "/")
            return operation.method == method && own.count == parts.count
                && zip(own, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        // `totals` in `/payments/totals` is not an id.
        return fitting.first { !$0.path.contains("{") } ?? fitting.first
    }
}

extension AdminClient {
    /// Sends a request written by hand.
    func sendRaw(
        _ method: String, _ path: String, _ headers: [(name: String, value: String)],
        _ body: [UInt8]
    ) async throws -> AdminAnswer {
        let host = headers.contains { $0.name == "Host" } ? [] : [("Host", "localhost")]
        let all = host + [("Authorization", "Bearer \(key ?? "")")] + headers
        let lines = all.map { "\($0): \($1)\r\n" }.joined()
        let connection = try await RawConnection.open(port: port)
        try await connection.send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n")
        connection.sendUnawaited(body)
        let answer = try await connection.answer()
        await connection.close()
        return AdminAnswer(
            status: answer.status, type: answer.header("Content-Type"), body: answer.body)
    }
}
