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

    func run() throws {
        let file = try options.read()
        let component = try file.component()
        print("component, \(component.count) bytes:")
        print(SignedFile.visible(component))
        let signature = try options.secretOption.secret().signature(over: component)
        print("\nSignature: " + String(decoding: signature, as: UTF8.self))
    }
}
