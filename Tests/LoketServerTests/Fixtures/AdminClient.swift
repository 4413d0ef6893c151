// The merchant's side of the admin API.

import AsyncHTTPClient
import LoketJSON
import NIOCore
import Testing

struct AdminClient: Sendable {
    let port: Int
    var key: String?

    func get(_ path: String) async throws -> AdminAnswer {
        try await send("GET", path, body: nil)
    }

    func post(
        _ path: String, _ body: String, type: String? = "application/json"
    ) async throws -> AdminAnswer {
        try await send("POST", path, body: Array(body.utf8), type: type)
    }

    /// - Parameter authorization: used in place of the header lines made from the key.
    func send(
        _ method: String, _ path: String, body: [UInt8]?, type: String? = "application/json",
        authorization: [String]? = nil
    ) async throws -> AdminAnswer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        for value in authorization ?? key.map({ ["Bearer \($0)"] }) ?? [] {
            request.headers.add(name: "Authorization", value: value)
        }
        if let body {
            if let type { request.headers.add(name: "Content-Type", value: type) }
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 * 1024 * 1024)
        return AdminAnswer(
            status: Int(response.status.code),
            type: response.headers.first(name: "content-type"),
            body: Array(bytes.readableBytesView))
    }
}

struct AdminAnswer: Sendable {
    let status: Int
    let type: String?
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> JSONValue {
        try StrictJSON(body).root
    }

    func string(_ name: StaticString) -> String? {
        (try? json())?[name]?.string
    }

    /// The last part of the problem's type.
    var cause: String? {
        string("type")?.split(separator: ":").last.map(String.init)
    }

    /// The places that the problem points to.
    var pointers: [String] {
        let errors = (try? json())?["errors"]?.elements ?? []
        return errors.compactMap { $0["pointer"]?.string }
    }

    /// `next_cursor` and the named text of each item of a list.
    func list(_ name: StaticString) throws -> (values: [String], cursor: String?) {
        let root = try json()
        let items = try #require(root["items"]).elements
        return (items.compactMap { $0[name]?.string }, root["next_cursor"]?.string)
    }
}

/// Expects a problem of RFC 9457 with all of its members.
func expectProblem(
    _ answer: AdminAnswer, _ status: Int, _ cause: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(
        answer.type == "application/problem+json", "\(answer.text)",
        sourceLocation: sourceLocation)
    let root = try #require(try? answer.json(), sourceLocation: sourceLocation)
    #expect(
        root["type"]?.string == "urn:loket:problem:" + cause, "\(answer.text)",
        sourceLocation: sourceLocation)
    #expect(root["title"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(root["status"]?.integer == Int64(status), sourceLocation: sourceLocation)
    #expect(root["detail"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
}
