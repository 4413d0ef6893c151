// What `sign` and `verify` have in common: a saved request, and the component string made visible.

import ArgumentParser
import DokuSimulator
import DokuWire
import Foundation
import LoketCore
import LoketJSON

struct SignatureOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            """
            A saved request: request line, headers, an empty line, the body's exact bytes; or - \
            for standard input.
            """,
            valueName: "file"))
    var file: String
    @Option(help: "The path registered at DOKU, if it is not the one in the request line.")
    var signedPath: String?
    @OptionGroup var secretOption: SecretOption

    /// The options, for a command that a message names.
    var carried: String {
        (signedPath.map { " --signed-path \(shellWord($0))" } ?? "") + secretOption.carried
    }

    /// Nothing for standard input.
    var fileForHead: String { file == "-" ? "" : " " + shellWord(file) }

    func read() throws -> SignedFile {
        let data: Data?
        if file == "-" {
            data = try? FileHandle.standardInput.readToEnd() ?? Data()
        } else {
            data = FileHandle(forReadingAtPath: file).flatMap { try? $0.readToEnd() ?? Data() }
        }
        guard let data else { throw Failure(.usage, "cannot read \(file)") }
        do throws(SavedRequest.Fault) {
            let request = try SavedRequest.read(Array(data))
            return SignedFile(request: request, signedPath: signedPath ?? request.target)
        } catch {
            throw Failure(.usage, "\(file): \("\(error)".visible)")
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

    /// Bytes of the line end that the body ends with; nil where it ends with none.
    var lineEndAtEnd: Int? {
        guard request.body.last == 0x0A else { return nil }
        return request.body.dropLast().last == 0x0D ? 2 : 1
    }

    /// The same without the last bytes of its body.
    func withoutEnd(_ count: Int) -> SignedFile {
        var shorter = request
        shorter.body.removeLast(count)
        return SignedFile(request: shorter, signedPath: signedPath)
    }

    /// A GET has no Digest line.
    var signedBody: [UInt8]? { request.method == "GET" ? nil : request.body }

    func component() throws -> [UInt8] {
        Signature.component(
            .request, clientID: try header("Client-Id"), requestID: try header("Request-Id"),
            timestamp: try header("Request-Timestamp"), target: signedPath,
            body: signedBody)
    }

    /// One line per line of the component, with its line feeds to be seen, and whatever else its
    /// sender put into it.
    static func page(_ component: [UInt8]) -> String {
        // By scalars, because CRLF would be one character.
        let lines = String(decoding: component, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                let pieces = line.split(separator: "\r", omittingEmptySubsequences: false)
                return "  " + pieces.map { Substring($0).visible }.joined(separator: "␍")
            }
        return "component, \(component.count) bytes:\n" + lines.joined(separator: "␊\n") + "⏹"
    }

    static func write(_ component: [UInt8], to object: inout JSONWriter) {
        object.field("component", String(decoding: component, as: UTF8.self))
        object.field("component_bytes", Int64(component.count))
    }
}
