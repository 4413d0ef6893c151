// `loket why`: shows what a running service has recorded about one request.

import ArgumentParser
import LoketCore
import LoketSystem
import LoketJSON

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain the answer to one request.",
        discussion: """
            Give DOKU's Request-Id; or a payment code (spaces, dots and dashes in it do not \
            count), an invoice number or a bill's id, of which the newest inquiry is explained. \
            Where no bill has the code, the bills whose codes are one slip away are listed.

            Says which guard answered, the bill as it was and as it is, and what would have made \
            the inquiry pass. Where the signature did not fit, known mistakes are tried until one \
            gives the signature that came. Of requests that did not verify the latest are \
            known; notifications are in quarantine.

            Exits 1 if nothing is known. What begins with a dash is given after `--`.
            """)

    @Argument(
        help: ArgumentHelp(
            "Request-Id, payment code, invoice number or bill's id.", valueName: "what"))
    var text: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        guard !text.isEmpty else {
            throw Failure(.usage, "give a Request-Id, a payment code, an invoice number or an id")
        }
        let client = try admin.client()
        if let known = try await client.find(path(text)) {
            return try output.show(known, WhyText.page)
        }
        let found = try await client.get("/admin/v1/search", [("q", text)])
        let inquiries = found["inquiries"]?.elements ?? []
        if let newest = inquiries.first?["request_id"]?.string {
            let explained = try await client.get(path(newest))
            return try output.show(explained) { page in
                [Self.heading(inquiries), WhyText.page(page)].joined(separator: "\n")
            }
        }
        let page = SearchText.page(found)
        guard !page.isEmpty else {
            throw Failure(
                .no,
                "nothing is known of `\(text.visible)`: neither the journal nor the latest requests "
                    + "that did not verify have it as a Request-Id, and no bill has it as its "
                    + "payment code, invoice number or id")
        }
        try output.show(found) { _ in page }
        guard SearchText.hasFound(found) else {
            throw Failure(.no, "no bill and no inquiry has the code `\(text.visible)`")
        }
        if !output.json, !(found["bills"]?.elements ?? []).isEmpty {
            try Output.print("DOKU has not asked for it, as far as the journal goes back")
        }
    }

    private func path(_ requestID: String) -> String {
        "/admin/v1/inquiries/\(percentEncoded(requestID))"
    }

    private static func heading(_ inquiries: [JSONValue]) -> String {
        let others = inquiries.dropFirst().prefix(Self.othersShown).compactMap { inquiry in
            inquiry["request_id"]?.string.map { "  loket why \($0.visible)" }
        }
        return others.isEmpty
            ? "the one inquiry that was made:"
            : (["the newest inquiry; before it:"] + others + [""]).joined(separator: "\n")
    }

    private static let othersShown = 5
}
