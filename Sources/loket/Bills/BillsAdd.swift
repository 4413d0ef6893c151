// `loket bills add`: adds one bill; its code is given or generated.

import ArgumentParser
import BillFiles
import LoketJSON

struct BillsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add one bill.",
        discussion: """
            The same bill again is the bill that is there: the invoice number is the key.

            Give the payment code whole (--code), in its parts (--bin and --unique-code), or the \
            BIN alone, to have a code made that nobody can guess.

            Example: loket bills add --code 88965112345678 --invoice INV-1 --amount 150000 \
            --name 'Anton Budiman' --expires 2026-12-31
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
    var amount: Int64
    @Option(help: "The customer's name.")
    var name: String
    @Option(help: "The customer's e-mail address.")
    var email: String?
    @Option(help: "A line printed at the counter, 30 characters at most.")
    var info: String?
    @Option(help: "RFC 3339, or a date, which means the end of that day in Jakarta.")
    var expires: String?
    @Option(help: "The Client-Id, where two accounts have the BIN.")
    var account: String?
    @Option(help: ArgumentHelp("A JSON object of your own; DOKU never sees it.", valueName: "json"))
    var metadata: String?
    @Flag(help: "The bill may be paid again and again.")
    var reusable = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard (code == nil) != (bin == nil) else {
            throw ValidationError("give --code or --bin, one of them")
        }
        guard uniqueCode == nil || bin != nil else {
            throw ValidationError("--unique-code goes with --bin")
        }
        guard !checkDigit || (bin != nil && uniqueCode == nil) else {
            throw ValidationError("--check-digit is for a generated code: give --bin alone")
        }
        if let metadata, (try? StrictJSON(Array(metadata.utf8)).root)?.isObject != true {
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
            body.field("amount", amount)
            body.field("reusable", reusable)
            body.field("expires_at", expires)
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

func wholeRupiah(_ text: String) throws -> Int64 {
    if let amount = Int64(text) { return amount }
    var bytes = text
    let meant = [AmountFormat.indonesian, .english].lazy.compactMap { format in
        bytes.withUTF8 { format.amount($0) }
    }
    guard let meant = meant.first else {
        throw ValidationError("write whole rupiah in digits alone, such as 150000")
    }
    throw ValidationError("write \(meant.whole), in digits alone")
}
