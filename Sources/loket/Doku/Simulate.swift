// `loket simulate`: simulates DOKU for a service at any URL. This file contains the parts that its
// subcommands share; each subcommand is in a separate file.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import LoketRuntime

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulate DOKU: send signed requests to a service.",
        subcommands: [SimulateInquiry.self, SimulateNotification.self, SimulateScenario.self])
}

/// The identity of DOKU for all signed requests.
struct DokuOptions: ParsableArguments {
    @Option(help: "The Client-Id; without a URL, by default the only Client-Id in the settings.")
    var clientId: String?
    @Option(help: "The counter: \(Doku.Counter.allCases.map(\.rawValue).joined(separator: ", ")).")
    var channel: Doku.Counter = .alfa
    @OptionGroup var secretOption: SecretOption

    func doku(signing target: String) throws -> Doku {
        guard let clientId else { throw Failure(.usage, "with a URL, --client-id is needed") }
        return Doku(clientID: clientId, secret: try secretOption.bytes(), signedTarget: target)
    }

    /// Returns DOKU with an account of the service found, unless Client-Id and secret are both
    /// given.
    func doku(of service: LocalService, signing target: String) throws -> Doku {
        if clientId != nil, secretOption.isGiven { return try doku(signing: target) }
        let account = try service.account(clientId)
        return Doku(
            clientID: account.clientID,
            secret: secretOption.isGiven ? try secretOption.bytes() : account.secret,
            signedTarget: target)
    }
}

/// The path of a request and the signed path.
struct GatewayPath {
    let arrives: KeyPath<Settings.Gateway, String> & Sendable
    let isSigned: KeyPath<Settings.Gateway, String> & Sendable

    static let inquiries = GatewayPath(arrives: \.inquiryPath, isSigned: \.inquirySignedPath)
    static let notifications = GatewayPath(
        arrives: \.notificationPath, isSigned: \.notificationSignedPath)
}

/// Options for one signed request and its answer.
struct ExchangeOptions: ParsableArguments {
    @Option(help: "Request-Id; a random UUID if not given.")
    var requestId: String?
    @Option(help: "Request-Timestamp; now if not given.")
    var timestamp: String?
    @Option(help: "The path to sign; by default the path of the URL.")
    var signedPath: String?
    @Flag(help: "Print JSON.")
    var json = false

    /// Signs and sends the body, verifies the answer's signature, prints request and answer.
    ///
    /// - Parameters:
    ///   - url: The URL; nil for the service whose settings are found.
    ///   - gatewayPath: The path of the request if there is no URL.
    ///   - body: Returns the body for the request's timestamp.
    /// - Throws: `ExitCode` 1 unless `isRight` accepts the status and the signature verifies.
    func exchange(
        with url: String?, at gatewayPath: GatewayPath, as options: DokuOptions,
        body: (_ timestamp: String) -> [UInt8], isRight: (_ status: Int) -> Bool
    ) async throws {
        let (base, path, doku) = try opposite(url, gatewayPath, options)
        let stamp = timestamp ?? Moment.now.utcText
        let request = doku.request(
            body: body(stamp), target: path, requestID: requestId ?? Doku.newRequestID(),
            timestamp: stamp)
        let answer = try await HTTPTransport(base: base).send(request)
        let signature = doku.signature(of: answer, to: request)
        let isGood = isRight(answer.status) && signature == .verified
        if json {
            try Output.print {
                $0.field("ok", isGood)
                $0.object("request") { Exchange.write(request, to: &$0) }
                $0.object("answer") { Exchange.write(answer, to: &$0) }
                $0.field("answer_signature", "\(signature)")
            }
        } else {
            try Exchange.print(request, answer)
            try Output.print("\nsignature of the answer: \(signature)")
        }
        guard isGood else { throw ExitCode(1) }
    }

    private func opposite(
        _ url: String?, _ gatewayPath: GatewayPath, _ options: DokuOptions
    ) throws -> (base: String, path: String, doku: Doku) {
        if let url {
            let (base, path) = try splitURL(url)
            return (base, path, try options.doku(signing: signedPath ?? path))
        }
        guard let service = try LocalService.found(ProcessInfo.processInfo.environment) else {
            throw LocalService.notFound("the URL, --client-id and --secret-file")
        }
        let (base, path) = try splitURL(try service.gatewayURL(gatewayPath.arrives))
        let signed = signedPath ?? service.gateway[keyPath: gatewayPath.isSigned]
        return (base, path, try options.doku(of: service, signing: signed))
    }
}

/// Splits a URL into `http://host:port` and the path.
func splitURL(_ text: String) throws -> (base: String, path: String) {
    let url = URLComponents(string: text)
    guard url?.user == nil, url?.password == nil else {
        // The URL contains a password, so the message does not quote it.
        throw Failure(.usage, "the URL must not contain a user name or a password; leave both out")
    }
    guard let url, let scheme = url.scheme,
        ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty,
        url.query == nil, url.fragment == nil
    else { throw Failure(.usage, "`\(text)` must be an http or https URL without a query") }
    let port = url.port.map { ":\($0)" } ?? ""
    return (
        "\(scheme)://\(host)\(port)", url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
    )
}

extension Doku.Counter: ExpressibleByArgument {}

enum Exchange {
    static func print(_ request: DokuRequest, _ answer: DokuAnswer) throws {
        var head = "HTTP/1.1 \(answer.status)\r\n"
        for header in answer.headers { head += "\(header.name): \(header.value)\r\n" }
        let answered = Array((head + "\r\n").utf8) + answer.body
        try Output.print(lines(of: SavedRequest.bytes(of: request), mark: "  > "))
        try Output.print("")
        try Output.print(lines(of: answered, mark: "  < "))
    }

    private static func lines(of bytes: [UInt8], mark: String) -> String {
        String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { mark + $0.visible }
            .joined(separator: "\n")
    }

    // MARK: JSON

    static func write(_ request: DokuRequest, to object: inout JSONWriter) {
        object.field("method", request.method)
        object.field("target", request.target)
        write(request.headers, request.body, to: &object)
    }

    static func write(_ answer: DokuAnswer, to object: inout JSONWriter) {
        object.field("status", Int64(answer.status))
        write(answer.headers, answer.body, to: &object)
    }

    /// Writes headers as a list, because a name may occur twice.
    private static func write(
        _ headers: [Header], _ body: [UInt8], to object: inout JSONWriter
    ) {
        object.array("headers") { list in
            for header in headers {
                list.object {
                    $0.field("name", header.name)
                    $0.field("value", header.value)
                }
            }
        }
        object.field("body", String(decoding: body, as: UTF8.self))
    }
}
