// A client of the admin API with a base URL and a key. It sends and receives JSON or files. A
// refusal is thrown as a message with the reason.

import AsyncHTTPClient
import DokuSimulator
import LoketJSON
import LoketCore
import LoketSystem
import NIOCore
import Synchronization

/// Query parameters of a request; a parameter without a value is left out.
typealias Query = [(name: String, value: String?)]

struct AdminClient: Sendable {
    private let transport: HTTPTransport
    private let key: String

    private static let answerBytesMax = 64 * 1024 * 1024

    init(url: String, key: String) {
        transport = HTTPTransport(
            base: url, remedy: "check that `loket serve` runs there, or give another --url")
        self.key = key
    }

    func get(_ path: String, _ query: Query = []) async throws -> JSONValue {
        try await send("GET", Self.target(path, query), body: [])
    }

    /// - Parameter patience: The time limit for the answer.
    func post(
        _ path: String, patience: TimeAmount = .seconds(30), _ write: (inout JSONWriter) -> Void
    ) async throws -> JSONValue {
        var writer = JSONWriter()
        writer.object(write)
        return try await send("POST", path, body: writer.bytes, patience: patience)
    }

    func patch(_ path: String, _ write: (inout JSONWriter) -> Void) async throws -> JSONValue {
        var writer = JSONWriter()
        writer.object(write)
        return try await send("PATCH", path, body: writer.bytes)
    }

    func delete(_ path: String) async throws -> JSONValue {
        try await send("DELETE", path, body: [])
    }

    /// Returns the resource at a path; nil if the service answers that it does not exist.
    func find(_ path: String) async throws -> JSONValue? {
        let answer = try await answer(
            to: DokuRequest(method: "GET", target: path, headers: [], body: []))
        let problem = try? StrictJSON(answer.body).root["type"]?.string
        if answer.status == 404, problem == "urn:loket:problem:not_found" { return nil }
        return try Self.value(of: "GET \(path)", status: answer.status, body: answer.body)
    }

    /// Returns the unchanged answer, even if it is a refusal.
    func answer(to request: DokuRequest) async throws -> DokuAnswer {
        try await answer(to: request, within: .seconds(30))
    }

    private func answer(
        to request: DokuRequest, within patience: TimeAmount
    ) async throws -> DokuAnswer {
        var request = request
        request.headers.append(Header("Authorization", "Bearer \(key)"))
        return try await transport.answer(to: request, within: patience)
    }

    private func send(
        _ method: String, _ target: String, body: [UInt8], patience: TimeAmount = .seconds(30)
    ) async throws -> JSONValue {
        let answer = try await answer(
            to: DokuRequest(
                method: method, target: target,
                headers: [Header("Content-Type", "application/json")], body: body),
            within: patience)
        return try Self.value(of: "\(method) \(target)", status: answer.status, body: answer.body)
    }

    static func target(_ path: String, _ query: Query) -> String {
        let pairs = query.compactMap { name, value in
            value.map { "\(name)=\(percentEncoded($0))" }
        }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }
}

// MARK: Files

extension AdminClient {
    private static let cutOff =
        "the connection ended while the file was sent. A file that did not arrive completely is "
        + "not applied: see `loket imports list`, and send the file again"

    /// Sends a file with POST. There is no deadline, because a large file takes long.
    func upload(
        _ file: FileUpload, to path: String, _ query: Query, type: String,
        sent: @escaping @Sendable (Int64) -> Void
    ) async throws -> JSONValue {
        let hasBegun = Mutex(false)
        let body = file.body { bytes in
            hasBegun.withLock { $0 = true }
            sent(bytes)
        }
        do {
            let response = try await post(Self.target(path, query), body, type, .distantFuture)
            let answer = try await response.body.collect(upTo: Self.answerBytesMax)
            return try Self.value(
                of: "POST \(path)", status: Int(response.status.code),
                body: Array(answer.readableBytesView))
        } catch let failure as Failure {
            throw failure
        } catch {
            let failure = transport.unanswered(error)
            guard hasBegun.withLock({ $0 }) else { throw failure }
            throw Failure(failure.code, failure.message + "\n" + Self.cutOff)
        }
    }

    /// Sends an empty object with POST and returns the answer, whose body is streamed.
    ///
    /// - Parameter patience: The time limit for the start of the answer, which may take long.
    func download(_ path: String, patience: TimeAmount) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await post(
                path, .bytes(ByteBuffer(string: "{}")), "application/json", .now() + patience)
        } catch {
            throw transport.unanswered(error)
        }
        guard response.status == .ok else {
            let body = try? await response.body.collect(upTo: Self.answerBytesMax)
            throw Self.refusal(
                of: "POST \(path)", status: Int(response.status.code),
                body: body.map { Array($0.readableBytesView) } ?? [])
        }
        return response
    }

    /// Returns the answer to GET as a file of a media type, whose body is streamed.
    func file(_ path: String, _ query: Query, type: String) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: transport.base + Self.target(path, query))
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.headers.add(name: "Accept", value: type)
        let response: HTTPClientResponse
        do {
            response = try await transport.stream(request, deadline: .now() + .minutes(10))
        } catch {
            throw transport.unanswered(error)
        }
        guard response.status == .ok else {
            let body = try? await response.body.collect(upTo: Self.answerBytesMax)
            throw Self.refusal(
                of: "GET \(path)", status: Int(response.status.code),
                body: body.map { Array($0.readableBytesView) } ?? [])
        }
        return response
    }

    private func post(
        _ target: String, _ body: HTTPClientRequest.Body, _ type: String, _ deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: transport.base + target)
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.headers.add(name: "Content-Type", value: type)
        request.body = body
        return try await transport.stream(request, deadline: deadline)
    }
}

// MARK: Answers

extension AdminClient {
    /// Returns the JSON of a successful answer.
    ///
    /// - Parameter request: The method and path, for error messages.
    static func value(
        of request: String, status: Int, body: [UInt8]
    ) throws -> JSONValue {
        guard (200..<300).contains(status), let value = try? StrictJSON(body).root else {
            throw refusal(of: request, status: status, body: body)
        }
        return value
    }

    private static func refusal(of request: String, status: Int, body: [UInt8]) -> Failure {
        guard let problem = try? StrictJSON(body).root else {
            return Failure(
                .no,
                "\(request): the answer is HTTP \(status) without JSON; "
                    + "--url must be the admin listener "
                    + "(\(AdminOptions.defaultURL) by default), not the gateway")
        }
        return refusal(problem)
    }

    /// Returns the problem's title, a line for each invalid field, and the command to run next.
    private static func refusal(_ problem: JSONValue) -> Failure {
        let title = problem["title"]?.string ?? "refused"
        let faults = problem["errors"]?.elements ?? []
        let lines = faults.map { fault in
            "  \(fault["pointer"]?.string ?? ""): \((fault["detail"]?.string ?? "").inWIB)"
        }
        var detail = (problem["detail"]?.string ?? "").inWIB
        let advice = advice(problem["type"]?.string)
        // The sentences after the first are for programs that use the API.
        if advice != nil { detail = detail.split(separator: ". ").first.map(String.init) ?? "" }
        let body = lines.isEmpty ? ["  \(detail)"] : lines
        let all = [title] + body + [advice.map { "  " + $0 }].compactMap(\.self)
        return Failure(.no, all.joined(separator: "\n"))
    }

    private static func advice(_ type: String?) -> String? {
        switch type {
        case "urn:loket:problem:key_missing":
            "give a valid admin key with --key-file or LOKET_ADMIN_KEY; if all keys are lost, stop "
                + "the service and run `loket keys reset`"
        case "urn:loket:problem:reconcile_first":
            "run `loket reconcile`, then `loket resume`; if Check Status is not available, compare "
                + "the payments with DOKU's reports and run `loket resume --accept-risk`"
        default: nil
        }
    }
}
