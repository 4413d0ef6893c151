// `loket why`: what a running service knows of one request, on a page for people.

import ArgumentParser
import DokuWire
import Foundation
import LoketCore

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain the answer to one request.",
        discussion: """
            Says which guard answered, the bill as it was and as it is, and what would have made \
            the inquiry pass. Where the signature did not fit, known mistakes are tried until one \
            gives the signature that came. Of requests that did not verify the latest are \
            known; notifications are in quarantine.

            Exits 1 if nothing is known of the Request-Id. One that begins with a dash is given \
            behind `--`.
            """)

    @Argument(help: ArgumentHelp("DOKU's Request-Id.", valueName: "request-id"))
    var requestID: String
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    /// RFC 3986 calls these unreserved; a dot is escaped all the same, because a path of dots alone
    /// is taken for a way upwards.
    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    func run() async throws {
        guard !requestID.isEmpty,
            let escaped = requestID.addingPercentEncoding(withAllowedCharacters: Self.plain)
        else { throw Failure(.usage, "`\(requestID)` cannot be a Request-Id") }
        let found = try await admin.client().get("/admin/v1/inquiries/\(escaped)")
        try output.show(found, WhyText.page)
    }
}
