// `loket simulate scenario`: sends bills, inquiries and payments of every kind to a running service
// and checks each answer. DokuSimulator contains the steps; this file connects them to the service.

import ArgumentParser
import DokuSimulator

struct SimulateScenario: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Test a service with every kind of payment and of payment problem.",
        discussion: """
            Adds bills with random codes and invoice numbers over the admin API, sends inquiries \
            and payments for these bills, and checks the results in the admin API. Prints a line \
            for each step. Exits 0 if every step was right, otherwise 1.

            The payments stay recorded: use a test service, not a service that receives real \
            payments. The setting invoice_per_inquiry must be `reusable`, its default, or `always`.

            Example: loket simulate scenario http://127.0.0.1:8080/doku/inquiry \
            http://127.0.0.1:8080/doku/notification --client-id MCH-0001-10791114622547 \
            --secret-file secrets/doku --bin 889651
            """)

    @Argument(help: "The service's inquiry URL.")
    var inquiryURL: String
    @Argument(help: "The service's notification URL.")
    var notificationURL: String
    @Option(help: "A BIN of the account, enabled for the counter.")
    var bin: String
    @Option(help: "Number of digits of a payment code, BIN included.")
    var codeLength = 16
    @Option(help: "The path to sign for inquiries; by default the path of the URL.")
    var signedInquiryPath: String?
    @Option(help: "The path to sign for notifications; by default the path of the URL.")
    var signedNotificationPath: String?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var dokuOptions: DokuOptions
    @OptionGroup var admin: AdminOptions

    func validate() throws {
        guard bin.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            (1..<codeLength).contains(bin.utf8.count)
        else { throw ValidationError("--bin must be digits only, and fewer than --code-length") }
    }

    func run() async throws {
        let inquiry = try splitURL(inquiryURL)
        let notification = try splitURL(notificationURL)
        let scenario = Scenario(
            inquiries: try dokuOptions.doku(signing: signedInquiryPath ?? inquiry.path),
            notifications: try dokuOptions.doku(
                signing: signedNotificationPath ?? notification.path),
            bin: bin, codeDigits: codeLength, counter: dokuOptions.channel)
        var printer = ScenarioPrinter(json: json)
        let isRight = try await scenario.run(
            over: Scenario.Ways(
                inquiry: Self.way(to: inquiry), notification: Self.way(to: notification),
                admin: try admin.client().answer)
        ) { try printer.print($0) }
        try printer.end()
        guard isRight else {
            throw Failure(.no, "\(printer.wrong) of \(printer.count) steps were wrong; see above")
        }
        if !json { try Output.print("\nall \(printer.count) steps were right") }
    }

    /// Returns a function that sends to the URL's own path, whichever path is signed.
    private static func way(to url: (base: String, path: String)) -> Scenario.Send {
        let transport = HTTPTransport(base: url.base)
        return { request in
            var request = request
            request.target = url.path
            return try await transport.send(request)
        }
    }
}

/// Prints each step when it is done, under the title of its story, or all steps as JSON at the end.
struct ScenarioPrinter {
    private let json: Bool
    private var verdicts: [Scenario.Verdict] = []

    init(json: Bool = false) { self.json = json }

    var count: Int { verdicts.count }
    var wrong: Int { verdicts.count { !$0.isRight } }

    mutating func print(_ verdict: Scenario.Verdict) throws {
        let opensStory = verdicts.last?.story != verdict.story
        verdicts.append(verdict)
        guard !json else { return }
        if opensStory { try Output.print("\n\(verdict.story)") }
        try Output.print(
            verdict.isRight
                ? StepText.right(verdict.step, verdict.got)
                : StepText.wrong(
                    verdict.step, "expected `\(verdict.expected)`, got `\(verdict.got)`"))
    }

    func end() throws {
        guard json else { return }
        try Output.print { object in
            object.field("ok", wrong == 0)
            object.field("count", Int64(count))
            object.field("wrong", Int64(wrong))
            object.array("steps") { list in
                for verdict in verdicts {
                    list.object {
                        $0.field("story", verdict.story)
                        $0.field("step", verdict.step)
                        $0.field("ok", verdict.isRight)
                        $0.field("expected", verdict.expected)
                        $0.field("got", verdict.got)
                    }
                }
            }
        }
    }
}
