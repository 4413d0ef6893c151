// `loket simulate inquiry`: what does this code owe?

import ArgumentParser
import DokuSimulator

struct SimulateInquiry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiry",
        abstract: "Sign and send an inquiry, verify the answer's signature, print both.",
        discussion: """
            Exits 0 if the bill is payable and the answer's signature verified, 1 if not.

            Without a URL it asks the service whose settings are here or in /etc/loket, with the \
            Client-Id and the secret key of its only account.

            Examples: loket simulate inquiry --code 88965112345678
            loket simulate inquiry https://pay.example.com/doku/inquiry --client-id \
            MCH-0001-10791114622547 --secret-file secrets/doku --code 88965112345678
            """)

    @Argument(help: "The service's inquiry URL; by default that of the settings.")
    var url: String?
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Flag(help: "Pretty-print the body with two spaces a level.")
    var pretty = false
    @OptionGroup var dokuOptions: DokuOptions
    @OptionGroup var exchangeOptions: ExchangeOptions

    func run() async throws {
        try await exchangeOptions.exchange(
            with: url, at: .inquiries, as: dokuOptions
        ) { stamp in
            Doku.inquiryBody(
                code: code, counter: dokuOptions.channel, date: stamp,
                layout: pretty ? .pretty : .minified)
        } isRight: {
            $0 == 200
        }
    }
}
