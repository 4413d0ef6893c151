// `loket find`: bills, inquiries and notifications by any identifier.

import ArgumentParser
import LoketCore
import LoketJSON

struct Find: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find bills, inquiries and notifications by a code, a number, an id or a name.",
        discussion: """
            Give a payment code (spaces, dots and dashes are ignored), an invoice number, a bill's \
            id, DOKU's Request-Id, or the beginnings of words of the customer's name. If no bill \
            has the code, lists bills whose codes differ by one typing error. Exits 1 if nothing \
            is found.

            The words of names are kept in a table, which the service fills in the background. \
            With --rebuild, it writes the table again; until it is done, bills may not be found \
            by their names.

            Example: loket find 'anton bud'
            """)

    @Argument(help: "What to find. Several words are one text.")
    var text: [String] = []
    @Flag(help: "Write the table of the words of names again.")
    var rebuild = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard text.isEmpty == rebuild else {
            throw ValidationError(
                rebuild
                    ? "give --rebuild without a text"
                    : "give a code, an invoice number, an id or a name")
        }
    }

    func run() async throws {
        guard !rebuild else {
            let answer = try await admin.client().post("/admin/v1/search/rebuild") { _ in }
            return try output.show(answer) { _ in
                "the service writes the words of names again, in the background"
            }
        }
        let asked = text.joined(separator: " ")
        guard !asked.isEmpty else {
            throw Failure(.usage, "give a code, an invoice number, an id or a name")
        }
        let found = try await admin.client().get("/admin/v1/search", [("q", asked)])
        if output.json {
            try output.show(found) { _ in "" }
        } else {
            try show(found)
        }
        let hasInquiry = found["inquiries"]?.elements.isEmpty == false
        guard SearchText.hasFound(found) || SearchText.hasNames(found) || hasInquiry else {
            throw Failure(.no, "nothing was found for `\(asked.visible)`")
        }
    }

    private func show(_ found: JSONValue) throws {
        var bills = BillText.table()
        for bill in found["bills"]?.elements ?? [] { bills.add(BillText.row(bill)) }
        for bill in SearchText.named(found) { bills.add(BillText.row(bill)) }
        let beside =
            BillText.damaged(found) + SearchText.near(found) + SearchText.notifications(found)
            + SearchText.names(found)
        try bills.print(beside)
        var inquiries = Table(InquiryText.columns)
        for inquiry in found["inquiries"]?.elements ?? [] {
            inquiries.add(InquiryText.row(inquiry))
        }
        guard !inquiries.isEmpty else { return }
        if Screen.isThere {
            if !bills.isEmpty || !beside.isEmpty { try Output.print("") }
            try Output.print("newest inquiries:")
        }
        try inquiries.print()
    }
}
