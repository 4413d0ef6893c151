// `loket sign` and `loket verify`: print the correct signature of a saved request, and compare it
// with the request's signature.

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
    @Option(help: "The path registered at DOKU, if it differs from the path in the request line.")
    var signedPath: String?
    @OptionGroup var secretOption: SecretOption

    /// The options as text, for a command in a message.
    var carried: String {
        (signedPath.map { " --signed-path \(shellWord($0))" } ?? "") + secretOption.carried
    }

    /// The file argument for `head`; empty for standard input.
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

/// A saved request and the path that its signature covers.
struct SignedFile {
    let request: DokuRequest
    let signedPath: String

    func header(_ name: String) throws -> String {
        guard let value = request.header(name) else {
            throw Failure(.usage, "the request has no header \(name)")
        }
        return value
    }

    /// The length in bytes of the line end after the body; nil if there is none.
    var lineEndAtEnd: Int? {
        guard request.body.last == 0x0A else { return nil }
        return request.body.dropLast().last == 0x0D ? 2 : 1
    }

    /// Returns a copy without the last `count` bytes of the body.
    func withoutEnd(_ count: Int) -> SignedFile {
        var shorter = request
        shorter.body.removeLast(count)
        return SignedFile(request: shorter, signedPath: signedPath)
    }

    /// Nil for a GET, which has no Digest line.
    var signedBody: [UInt8]? { request.method == "GET" ? nil : request.body }

    func component() throws -> [UInt8] {
        Signature.component(
            .request, clientID: try header("Client-Id"), requestID: try header("Request-Id"),
            timestamp: try header("Request-Timestamp"), target: signedPath,
            body: signedBody)
    }

    /// Returns the component line by line, with its line feeds and any invisible characters made
    /// visible.
    static func page(_ component: [UInt8]) -> String {
        // Splits Unicode scalars, because CRLF is one Character.
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

struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the signature of a saved request.",
        discussion: """
            Shows the component string that is signed. ␊ stands for the single line feed at the \
            end of a line, ⏹ for the end of the string, which has no line feed.
            """)

    @OptionGroup var options: SignatureOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        let secret = try options.secretOption.secret()
        let signature = secret.signature(over: component)
        guard !json else {
            return try Output.print {
                SignedFile.write(component, to: &$0)
                $0.field("signature", signature)
            }
        }
        try Output.print(SignedFile.page(component))
        try Output.print("\nSignature: \(signature)")
    }
}

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify the signature of a saved request.",
        discussion: """
            Exits 0 if the signature is right, otherwise 1. The timestamp may have any age. The \
            component string is shown as in `loket sign`.
            """)

    @OptionGroup var options: SignatureOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        let secret = try options.secretOption.secret()
        let expected = secret.signature(over: component)
        let received = try file.header("Signature")
        let rejection = Self.rejection(of: file, under: secret)
        if json {
            try Output.print {
                SignedFile.write(component, to: &$0)
                $0.field("received", received)
                $0.field("expected", expected)
                $0.field("verified", rejection == nil)
                $0.field("reason", rejection?.rawValue)
            }
        } else {
            try Output.print(SignedFile.page(component))
            try Output.print("\nreceived: \(received.visible)\nexpected: \(expected)")
            if rejection == nil { try Output.print("verified") }
        }
        guard let rejection else { return }
        let surplus = file.lineEndAtEnd.flatMap { count in
            Self.rejection(of: file.withoutEnd(count), under: secret) == nil ? count : nil
        }
        let hint = surplus.map { count in
            ". It verifies without the line end at the end of the file, which an editor "
                + "probably added: `head -c -\(count)\(options.fileForHead) | loket verify "
                + "-\(options.carried)`"
        }
        throw Failure(
            .no, "the signature does not verify: \(rejection.rawValue)\(hint ?? "")")
    }

    /// Returns nil if the signature verifies.
    private static func rejection(
        of file: SignedFile, under secret: Secret
    ) -> WireRejection? {
        do throws(WireRejection) {
            let headers = try SignedHeaders(file.request.headers.map { ($0.name, $0.value) })
            let credentials = Credentials([headers.clientID: [secret]])
            _ = try credentials.verify(
                headers, target: file.signedPath, body: file.signedBody)
            return nil
        } catch {
            return error
        }
    }
}
