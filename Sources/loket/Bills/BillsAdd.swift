// `loket bills add`: adds one bill; its code is given or generated.

import ArgumentParser
import BillFiles
import LoketCore
import LoketJSON

struct BillsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add one bill.",
        discussion: """
            Adding the same bill again returns the existing bill, found by its invoice number.

            Give the whole payment code (--code), its two parts (--bin and --unique-code), or \
            only --bin, to generate a code that is hard to guess.

            Give --amount, or --amounts if the amount changes on known dates.

            Examples: loket bills add --code 88965112345678 --invoice INV-1 --amount 150000 \
            --name 'Anton Budiman' --expires 2026-12-31
              loket bills add --bin 889651 --invoice FEE-12 --name 'Budi Santoso' \
            --amounts '2026-12-10=150000;2026-12-31=165000;175000' --due-at 2026-12-10
            """)

    @Option(help: "The payment code, BIN included.")
    var code: String?
    @Option(help: "The BIN; without --unique-code a code is generated.")
    var bin: String?
    @Option(help: "The digits after the BIN.")
    var uniqueCode: String?
    @Flag(help: "Make the code's last digit a check digit (Luhn).")
    var checkDigit = false
    @Option(help: "The invoice number, never used before.")
    var invoice: String
    @Option(help: "Whole rupiah.", transform: wholeRupiah)
    var amount: Int64?
    @Option(
        help: ArgumentHelp(
            "Instead of --amount: amounts in the order of time, each but the last as END=AMOUNT. "
                + "END is RFC 3339, or a date: the end of that day in Jakarta.",
            valueName: "list"), transform: datedAmounts)
    var amounts: DatedAmounts?
    @Option(help: "The customer's name.")
    var name: String
    @Option(help: "The customer's e-mail address.")
    var email: String?
    @Option(help: "A line printed at the counter, 30 characters at most.")
    var info: String?
    @Option(
        help: ArgumentHelp(
            "Decline inquiries before this time: RFC 3339, or a date: the beginning of that day in "
                + "Jakarta.", valueName: "time"))
    var validFrom: String?
    @Option(help: "Expiry time in RFC 3339, or a date: the end of that day in Jakarta.")
    var expires: String?
    @Option(
        help: ArgumentHelp(
            "The due date that the customer reads: RFC 3339 or a date. No answer depends on it.",
            valueName: "time"))
    var dueAt: String?
    @Option(help: "The Client-Id, if two accounts have the BIN.")
    var account: String?
    @Option(help: ArgumentHelp("A JSON object of yours, not sent to DOKU.", valueName: "json"))
    var metadata: String?
    @Flag(help: "The bill may be paid more than once.")
    var reusable = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (code == nil) != (bin == nil) else {
            throw ValidationError("give either --code or --bin")
        }
        guard (amount == nil) != (amounts == nil) else {
            throw ValidationError("give either --amount or --amounts")
        }
        guard uniqueCode == nil || bin != nil else {
            throw ValidationError("--unique-code needs --bin")
        }
        guard !checkDigit || (bin != nil && uniqueCode == nil) else {
            throw ValidationError("--check-digit needs a generated code: give --bin alone")
        }
        if let metadata, !isJSONObject(metadata) {
            throw ValidationError("--metadata must be a JSON object")
        }
    }

    func run() async throws {
        let bill = try await admin.client().post("/admin/v1/bills") { body in
            if let code { body.field("payment_code", code) }
            if let bin { body.field("bin", bin) }
            if let uniqueCode { body.field("unique_code", uniqueCode) }
            if checkDigit { body.field("check_digit", true) }
            body.field("invoice_number", invoice)
            if let amount { body.field("amount", amount) }
            if let amounts { amounts.write(to: &body) }
            body.field("reusable", reusable)
            body.field("valid_from", validFrom)
            body.field("expires_at", expires)
            body.field("due_at", dueAt)
            body.field("account", account)
            body.field("info", info)
            if let metadata { body.field("metadata", json: metadata.utf8) }
            body.object("customer") {
                $0.field("name", name)
                $0.field("email", email)
            }
        }
        try output.show(bill, BillText.line)
    }
}

func datedAmounts(_ text: String) throws -> DatedAmounts {
    do throws(AmountsTextFault) {
        return try DatedAmounts(text: text)
    } catch {
        throw ValidationError(error.reason)
    }
}

func isJSONObject(_ text: String) -> Bool {
    (try? StrictJSON(Array(text.utf8)).root)?.isObject == true
}

func wholeRupiah(_ text: String) throws -> Int64 {
    if let amount = Int64(text) { return amount }
    var bytes = text
    let meant = [AmountFormat.indonesian, .english].lazy.compactMap { format in
        bytes.withUTF8 { format.amount($0) }
    }
    guard let meant = meant.first else {
        throw ValidationError("write whole rupiah with digits only, such as 150000")
    }
    throw ValidationError("write \(meant.whole), with digits only")
}
