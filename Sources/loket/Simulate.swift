// `loket simulate`: plays DOKU against any URL.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketServer

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play DOKU against a service.", subcommands: [SimulateInquiry.self])
}

struct SimulateInquiry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiry",
        abstract: "Sign and send an inquiry, verify the answer's signature, print both.",
        discussion: """
            Exits 0 if the bill is payable and the answer's signature verified, 1 if not.

            Example: loket simulate inquiry http://127.0.0.1:8080/doku/inquiry \
            --client-id MCH-0001-10791114622547 --secret-file secrets/doku --code 88965112345678
            """)

    @Argument(help: "The service's inquiry URL.")
    var url: String
    @Option(help: "DOKU's Client-Id.")
    var clientId: String
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Option(help: "The counter: \(Doku.Counter.allCases.map(\.rawValue).joined(separator: ", ")).")
    var channel: Doku.Counter = .alfa
    @Option(help: "Request-Id; a random UUID if not given.")
    var requestId: String?
    @Option(help: "Request-Timestamp; now if not given.")
    var timestamp: String?
    @Option(help: "The path that is signed; the URL's own if not given.")
    var signedPath: String?
    @Flag(help: "Pretty-print the body with two spaces a level.")
    var pretty = false
    @OptionGroup var secretOption: SecretOption

    func run() async throws {
        let (base, path) = try splitURL(url)
        let doku = Doku(
            clientID: clientId, secret: try secretOption.bytes(),
            signedTarget: signedPath ?? path)
        let stamp = timestamp ?? Moment.now.utcText
        let request = doku.request(
            body: Doku.inquiryBody(
                code: code, counter: channel, date: stamp, layout: pretty ? .pretty : .minified),
            target: path, requestID: requestId ?? Doku.newRequestID(), timestamp: stamp)
        let answer = try await HTTPTransport(base: base).send(request)
        let signature = doku.signature(of: answer, to: request)
        Exchange.print(request)
        print("")
        Exchange.print(answer)
        print("\nsignature of the answer: \(signature)")
        guard answer.status == 200, signature == .verified else { throw ExitCode(1) }
    }
}

/// `http://host:port` and the path.
func splitURL(_ text: String) throws -> (base: String, path: String) {
    guard let url = URLComponents(string: text), let scheme = url.scheme,
        ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty,
        url.query == nil, url.fragment == nil
    else { throw Failure(.usage, "`\(text)` is no http or https URL without a query") }
    let port = url.port.map { ":\($0)" } ?? ""
    return (
        "\(scheme)://\(host)\(port)", url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
    )
}

extension Doku.Counter: ExpressibleByArgument {}
