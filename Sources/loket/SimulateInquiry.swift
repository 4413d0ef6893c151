// `loket simulate inquiry`: what does this code owe?

import ArgumentParser
import DokuSimulator

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
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Flag(help: "Pretty-print the body with two spaces a level.")
    var pretty = false
    @OptionGroup var dokuOptions: DokuOptions
    @OptionGroup var exchangeOptions: ExchangeOptions

    func run() async throws {
        try await exchangeOptions.exchange(with: url, as: dokuOptions) { stamp in
            Doku.inquiryBody(
                code: code, counter: dokuOptions.channel, date: stamp,
                layout: pretty ? .pretty : .minified)
        } isRight: {
            $0 == 200
        }
    }
}
