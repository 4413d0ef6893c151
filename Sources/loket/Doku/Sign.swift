// `loket sign`: the signature that a saved request should carry.

import ArgumentParser

struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the signature of a saved request.",
        discussion: """
            Shows the component string as it is signed: ␊ is the one line feed that ends a line, \
            ⏹ the end, with no line feed before it.
            """)

    @OptionGroup var options: SignatureOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        let secret = try options.secretOption.secret()
        let signature = String(decoding: secret.signature(over: component), as: UTF8.self)
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
