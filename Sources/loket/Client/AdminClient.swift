// The admin API as the commands use it: a base URL, a key, JSON in and out. A "no" of the service
// becomes a message with its reason.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketJSON

struct AdminClient: Sendable {
    private let transport: HTTPTransport
    let key: String
    /// Scheme, host and port.
    var base: String { transport.base }

    /// What to do where nobody answers.
    static let remedy = "is `loket serve` running there? --url says where"

    init(url: String, key: String) {
        transport = HTTPTransport(base: url, remedy: Self.remedy)
        self.key = key
    }

    func get(_ path: String) async throws -> JSONValue {
        try await send("GET", path, body: [])
    }

    func post(_ path: String, _ write: (inout JSONWriter) -> Void) async throws -> JSONValue {
        var writer = JSONWriter()
        writer.object(write)
        return try await send("POST", path, body: writer.bytes)
    }

    func delete(_ path: String) async throws -> JSONValue {
        try await send("DELETE", path, body: [])
    }

    /// What a path leads to; nil where the service says that there is nothing.
    func find(_ path: String) async throws -> JSONValue? {
        let answer = try await answer(
            to: DokuRequest(method: "GET", target: path, headers: [], body: []))
        let problem = try? StrictJSON(answer.body).root["type"]?.string
        if answer.status == 404, problem == "urn:loket:problem:not_found" { return nil }
        return try Self.value(of: "GET \(path)", status: answer.status, body: answer.body)
    }

    /// The answer as it is, a refusal too.
    func answer(to request: DokuRequest) async throws -> DokuAnswer {
        var request = request
        request.headers.append(Header("Authorization", "Bearer \(key)"))
        return try await transport.send(request)
    }

    private func send(_ method: String, _ path: String, body: [UInt8]) async throws -> JSONValue {
        let answer = try await answer(
            to: DokuRequest(
                method: method, target: path,
                headers: [Header("Content-Type", "application/json")], body: body))
        return try Self.value(of: "\(method) \(path)", status: answer.status, body: answer.body)
    }
}

extension AdminClient {
    /// Text as a part of a path or a query: every byte but letters and digits is escaped.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                bytes += Array(("%" + (byte < 16 ? "0" : "") + digits).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: Answers

extension AdminClient {
    /// The JSON of an answer that is a yes.
    ///
    /// - Parameter request: method and path, where a message needs them.
    static func value(of request: String, status: Int, body: [UInt8]) throws -> JSONValue {
        guard (200..<300).contains(status), let value = try? StrictJSON(body).root else {
            throw refusal(of: request, status: status, body: body)
        }
        return value
    }

    static func refusal(of request: String, status: Int, body: [UInt8]) -> Failure {
        guard let problem = try? StrictJSON(body).root else {
            return Failure(
                .no,
                "\(request): HTTP \(status) without JSON; --url must be the admin listener "
                    + "(\(AdminOptions.defaultURL) by default), not the gateway")
        }
        return refusal(problem)
    }

    /// Problem details, a line for each wrong place, and what to type next.
    private static func refusal(_ problem: JSONValue) -> Failure {
        let title = problem["title"]?.string ?? "refused"
        let faults = problem["errors"]?.elements ?? []
        let lines = faults.map { fault in
            "  \(fault["pointer"]?.string ?? ""): \((fault["detail"]?.string ?? "").inWIB)"
        }
        var detail = (problem["detail"]?.string ?? "").inWIB
        let advice = advice(problem["type"]?.string)
        // What follows the fact speaks of requests, to programs.
        if advice != nil { detail = detail.split(separator: ". ").first.map(String.init) ?? "" }
        let body = lines.isEmpty ? ["  \(detail)"] : lines
        let all = [title] + body + [advice.map { "  " + $0 }].compactMap(\.self)
        return Failure(.no, all.joined(separator: "\n"))
    }

    private static func advice(_ type: String?) -> String? {
        switch type {
        case "urn:loket:problem:key_missing":
            "give another with --key-file or LOKET_ADMIN_KEY; where all are lost, stop the "
                + "service and run `loket keys reset`"
        case "urn:loket:problem:reconcile_first":
            "run `loket reconcile`, then `loket resume`; where DOKU cannot be asked, compare with "
                + "its reports and run `loket resume --accept-risk`"
        default: nil
        }
    }
}
