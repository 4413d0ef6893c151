// `loket bills quote`: what an inquiry for a payment code would be answered at a time.

import ArgumentParser
import LoketCore
import LoketJSON

struct BillsQuote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "Show the answer that an inquiry for a code gets, now or at another time.",
        discussion: """
            The bill is taken as it is now; only its times are compared with the given time. \
            Pauses, and the settings of BINs and channels, are not considered. Exits 1 if no bill \
            has the code.

            Example: loket bills quote 88965112345678 --on 2026-12-11
            """)

    @Argument(help: "The payment code; spaces, dots and dashes are ignored.")
    var code: String
    @Option(
        help: ArgumentHelp(
            "RFC 3339, or a date, which means the beginning of that day in Jakarta. Default: now.",
            valueName: "time"))
    var on: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let query = [("payment_code", code)] + (on.map { [("at", $0)] } ?? [])
        let found = try await admin.client().get("/admin/v1/quote", query)
        let quotes = found["items"]?.elements ?? []
        guard !quotes.isEmpty else {
            throw Failure(.no, "no bill has the payment code `\(code.visible)`")
        }
        try output.show(found) { _ in quotes.map(Self.line).joined(separator: "\n") }
    }

    private static func line(_ quote: JSONValue) -> String {
        let bill = "#\(shown(quote["bill_id"]))  \(shown(quote["invoice_number"]))"
        guard let amount = quote["amount"]?.integer else {
            return "\(bill)  declined: \(shown(quote["guard"])). \(shown(quote["meaning"]).inWIB)"
        }
        let next = wibTime(quote["amount_until"]).map {
            " until \($0), then \(shownAmount(quote["next_amount"]))"
        }
        return "\(bill)  \(Rupiah.text(whole: amount))\(next ?? "")"
    }
}
