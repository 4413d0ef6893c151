// The admin API as the commands use it: a base URL, a key, JSON in and out. A "no" of the service
// becomes a message with its reason.

import ArgumentParser
import DokuSimulator
import DokuWire
import Foundation
import LoketCore

struct AdminClient: Sendable {
    private let transport: HTTPTransport
    let key: String
    /// Scheme, host and port.
    var base: String { transport.base }

    init(url: String, key: String) {
        transport = HTTPTransport(base: url)
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
        guard let value = try? StrictJSON(answer.body).root else {
            throw Failure(.no, "\(method) \(path): HTTP \(answer.status) without JSON")
        }
        guard (200..<300).contains(answer.status) else { throw Self.refusal(value) }
        return value
    }

    /// Problem details, a line for each wrong place.
    static func refusal(_ problem: JSONValue) -> Failure {
        let title = problem["title"]?.string ?? "refused"
        let faults = problem["errors"]?.elements ?? []
        let lines = faults.map { fault in
            "  \(fault["pointer"]?.string ?? ""): \(fault["detail"]?.string ?? "")"
        }
        let detail = lines.isEmpty ? ["  \(problem["detail"]?.string ?? "")"] : lines
        return Failure(.no, ([title] + detail).joined(separator: "\n"))
    }
}

/// Where the admin API is, and with which key.
struct AdminOptions: ParsableArguments {
    @Option(help: "The admin listener.")
    var url = "http://127.0.0.1:8081"
    @Option(
        help: ArgumentHelp(
            "File with an admin key; otherwise the variable LOKET_ADMIN_KEY is read.",
            valueName: "file"))
    var keyFile: String?

    func client() throws -> AdminClient {
        let (base, _) = try splitURL(url)
        let key = try key()
        guard !key.isEmpty, key.utf8.allSatisfy(isVisibleASCII) else {
            throw Failure(.usage, "what was given as the admin key cannot be one")
        }
        return AdminClient(url: base, key: key)
    }

    private func key() throws -> String {
        if let path = keyFile {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw Failure(.usage, "cannot read \(path)")
            }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let text = ProcessInfo.processInfo.environment["LOKET_ADMIN_KEY"], !text.isEmpty
        else {
            throw Failure(
                .usage,
                "give --key-file (the first one is <database>.admin-key), "
                    + "or set LOKET_ADMIN_KEY")
        }
        return text
    }
}
