// `loket pause` and `loket resume`: pause and resume answering inquiries, over the admin API.

import ArgumentParser
import LoketCore
import LoketJSON

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Decline inquiries until they are resumed.",
        discussion: """
            A restart does not end it. Notifications of payments are still recorded.
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
        abstract: "Answer inquiries again that were paused.",
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
        try output.show(paused) { body in
            [PauseText.resumed(body["resumed"]), PauseText.left(body)].compactMap(\.self)
                .joined(separator: "\n")
        }
    }
}

private enum PauseText {
    /// Returns the active pauses.
    static func page(_ body: JSONValue) -> String {
        left(body) ?? "nothing is paused"
    }

    /// Returns the remaining pauses; nil if there are none.
    static func left(_ body: JSONValue) -> String? {
        let lines = (body["pauses"]?.elements ?? []).map { pause in
            let (who, at) = (account(pause), shownTime(pause["paused_at"]))
            return "paused: \(who), \(at), by \(shown(pause["actor"])): \(shown(pause["reason"]))"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// Returns a line about the ended pause.
    static func resumed(_ pause: JSONValue?) -> String {
        guard let pause, pause.isObject else {
            return "no such pause was in force: nothing is resumed"
        }
        return
            "resumed: \(account(pause)), paused \(shownTime(pause["paused_at"])) by \(shown(pause["actor"])) "
            + "(\(shown(pause["reason"])))"
    }

    private static func account(_ pause: JSONValue) -> String {
        pause["account"]?.string ?? "every account"
    }
}
