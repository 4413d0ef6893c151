// `loket pause` and `loket resume`: the kill switch over the admin API.

import ArgumentParser
import DokuWire
import LoketCore

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Decline inquiries until somebody resumes them.",
        discussion: """
            A restart does not end it. Notifications of payments are taken all the same.
            """)

    @Option(help: "Why, for who resumes.")
    var reason: String
    @Option(help: "Only this Client-Id; every account if not given.")
    var account: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let paused = try await admin.client().post("/admin/v1/pause") { body in
            body.field("reason", reason)
            if let account { body.field("account", account) }
        }
        try output.show(paused, PauseText.page)
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let inquiries on that were paused.",
        discussion: """
            Ends the pause of every account, or of one; each is ended the way it was begun. After \
            a restore, or a start that found commits missing, run `loket reconcile` first: what \
            was paid meanwhile may not be in the database, and would be payable again.
            """)

    @Option(help: "Only this Client-Id; every account if not given.")
    var account: String?
    @Option(help: "Why, for the history.")
    var reason: String?
    @Flag(
        help: """
            Resume although DOKU was not asked what was paid meanwhile. Bills may then be paid \
            twice. Your key's name is kept with it.
            """)
    var acceptRisk = false
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let paused = try await admin.client().post("/admin/v1/resume") { body in
            if let account { body.field("account", account) }
            if let reason { body.field("reason", reason) }
            if acceptRisk { body.field("accept_risk", true) }
        }
        try output.show(paused, PauseText.page)
    }
}

private enum PauseText {
    /// What is paused now.
    static func page(_ body: JSONValue) -> String {
        let lines = (body["pauses"]?.elements ?? []).map { pause in
            let who = pause["account"]?.string ?? "every account"
            let at = pause["paused_at"]?.string.flatMap { Moment(rfc3339: $0) }?.wibText ?? ""
            let (reason, actor) = (pause["reason"]?.string ?? "", pause["actor"]?.string ?? "")
            return "paused: \(who), \(at), by \(actor): \(reason)"
        }
        return lines.isEmpty ? "nothing is paused" : lines.joined(separator: "\n")
    }
}
