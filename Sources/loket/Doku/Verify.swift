// `loket verify`: does a saved request carry the right signature?

import ArgumentParser
import DokuWire

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify the signature of a saved request.",
        discussion: """
            Exits 0 if the signature is right, 1 if not. The age of the timestamp is not judged. \
            The signs are those of `loket sign`.
            """)

    @OptionGroup var options: SignatureOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        let secret = try options.secretOption.secret()
        let expected = String(decoding: secret.signature(over: component), as: UTF8.self)
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
            "; without the line end at the end of the file it does: an editor put it there. The "
                + "body ends before it: `head -c -\(count)\(options.fileForHead) | loket verify "
                + "-\(options.carried)`"
        }
        throw Failure(.no, "does not verify: \(rejection.rawValue)\(hint ?? "")")
    }

    /// Nil where it verifies.
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
