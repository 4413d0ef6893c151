// `loket why`: shows what a running service has recorded about one request.

import ArgumentParser
import LoketCore
import LoketSystem
import LoketJSON

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain the answer to one request.",
        discussion: """
            Give DOKU's Request-Id. Or give a payment code (spaces, dots and dashes are \
            ignored), an invoice number or a bill's id, to explain its newest inquiry. If no bill \
            has the code, lists bills whose codes differ by one typing error.

            Shows which guard decided the answer, the bill at that time and now, and what would \
            have made the inquiry pass. If the signature was wrong, tries known mistakes until \
            one gives the received signature. Of the requests that failed verification, only the \
            latest are known; such notifications are in quarantine.

            Exits 1 if nothing is known. Give a value that begins with a dash after `--`.
            """)

    @Argument(
        help: ArgumentHelp(
            "Request-Id, payment code, invoice number or bill's id.", valueName: "what"))
    var text: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        guard !text.isEmpty else {
            throw Failure(.usage, "give a Request-Id, payment code, invoice number or bill's id")
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
                "nothing is known of `\(text.visible)`: no inquiry in the journal, and none of the "
                    + "latest requests that failed verification, has this Request-Id, and no bill "
                    + "has this payment code, invoice number or id")
        }
        try output.show(found) { _ in page }
        guard SearchText.hasFound(found) else {
            throw Failure(.no, "no bill and no inquiry has the code `\(text.visible)`")
        }
        if !output.json, !(found["bills"]?.elements ?? []).isEmpty {
            try Output.print("the journal has no inquiry for this bill")
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
            ? "the only inquiry in the journal:"
            : (["the newest inquiry is shown below; earlier inquiries:"] + others + [""])
                .joined(separator: "\n")
    }

    private static let othersShown = 5
}
