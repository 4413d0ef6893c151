// What `sign` and `verify` have in common: a saved request, and the component string made visible.

import ArgumentParser
import DokuSimulator
import DokuWire
import Foundation

struct SignatureOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A saved request: request line, headers, an empty line, the body's exact bytes.",
            valueName: "file"))
    var file: String
    @Option(help: "The path registered at DOKU, if it is not the one in the request line.")
    var signedPath: String?
    @OptionGroup var secretOption: SecretOption

    func read() throws -> SignedFile {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Failure(.usage, "cannot read \(file)")
        }
        do throws(SavedRequest.Fault) {
            let request = try SavedRequest.read(Array(data))
            return SignedFile(request: request, signedPath: signedPath ?? request.target)
        } catch {
            throw Failure(.usage, "\(file): \(error)")
        }
    }
}

/// A saved request and the path it is signed under.
struct SignedFile {
    let request: DokuRequest
    let signedPath: String

    func header(_ name: String) throws -> String {
        guard let value = request.header(name) else {
            throw Failure(.usage, "the request has no header \(name)")
        }
        return value
    }

    /// A GET has no Digest line.
    var signedBody: [UInt8]? { request.method == "GET" ? nil : request.body }

    func component() throws -> [UInt8] {
        Signature.component(
            .request, clientID: try header("Client-Id"), requestID: try header("Request-Id"),
            timestamp: try header("Request-Timestamp"), target: signedPath,
            body: signedBody)
    }

    /// One line per line of the component, with its line feeds to be seen.
    static func visible(_ component: [UInt8]) -> String {
        String(decoding: component, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { "  " + $0.replacing("\r", with: "␍") }
            .joined(separator: "␊\n") + "⏹"
    }
}
