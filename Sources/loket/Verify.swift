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

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        print("component, \(component.count) bytes:")
        print(SignedFile.visible(component))
        let secret = try options.secretOption.secret()
        let expected = String(decoding: secret.signature(over: component), as: UTF8.self)
        let received = try file.header("Signature")
        print("\nreceived: \(received)\nexpected: \(expected)")
        do throws(WireRejection) {
            let headers = try SignedHeaders(file.request.headers.map { ($0.name, $0.value) })
            let credentials = Credentials([headers.clientID: [secret]])
            _ = try credentials.verify(
                headers, target: file.signedPath, body: file.signedBody)
            print("verified")
        } catch {
            throw Failure(.no, "does not verify: \(error.rawValue)")
        }
    }
}
