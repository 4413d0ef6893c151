// The commands of `loket webhooks` about sending: pause and resume, send again, change the secret,
// try a webhook, and list what was skipped.

import ArgumentParser
import LoketCore
import LoketJSON

struct WebhooksPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Send nothing to a webhook until it is resumed.")

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(
            await admin.client().post(webhook.path + "/pause") { _ in }, WebhookText.lines)
    }
}

/// A place in the feed.
struct WebhookPlaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Begin with the events of this time: RFC 3339, or a date, from its beginning in "
                + "Jakarta.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Begin with this event.", valueName: "id"))
    var event: String?

    var isGiven: Bool { since != nil || event != nil }

    func validate() throws {
        guard since == nil || event == nil else {
            throw ValidationError("give either --since or --event")
        }
    }

    func write(to body: inout JSONWriter) {
        if let since { body.field("since", since) }
        if let event { body.field("event", event) }
    }
}

struct WebhooksResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Turn a webhook on again.",
        discussion: """
            Goes on after the last event that was delivered. After a restore of the database, \
            begins with the first event after the restore: give --since to send earlier ones.
            """)

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var place: WebhookPlaceOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(
            await admin.client().post(webhook.path + "/resume") { place.write(to: &$0) },
            WebhookText.lines)
    }
}

struct WebhooksReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send events again, from a time or an event on.",
        discussion: """
            Never goes forward: no event that was not sent yet is left out.

            Example: loket webhooks replay 1 --since 2026-11-30T08:00:00+07:00
            """)

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var place: WebhookPlaceOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard place.isGiven else { throw ValidationError("give --since or --event") }
    }

    func run() async throws {
        try output.show(
            await admin.client().post(webhook.path + "/replay") { place.write(to: &$0) },
            WebhookText.lines)
    }
}

struct WebhooksRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Create a new secret and print it once.",
        discussion: """
            Messages then have two signatures, by the new secret and by the old one. When the \
            receiver knows the new one, run loket webhooks drop-old-secret.
            """)

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let changed = try await admin.client().post(webhook.path + "/rotate-secret") { _ in }
        try WebhookText.show(secretOf: changed, output)
    }
}

struct WebhooksDropOldSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop-old-secret", abstract: "Sign with the newest secret only.")

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(
            await admin.client().post(webhook.path + "/drop-old-secret") { _ in },
            WebhookText.lines)
    }
}

struct WebhooksTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send one message of the type webhook.test, and print the answer.",
        discussion: "Exits 1 if the message was not delivered.")

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let answer = try await admin.client().post(webhook.path + "/test") { _ in }
        guard answer["delivered"]?.bool == true else {
            if output.json { try output.show(answer) { _ in "" } }
            throw Failure(.no, "not delivered: \(shown(answer["error"]))")
        }
        try output.show(answer) { "delivered: HTTP \(shown($0["status"]))" }
    }
}

struct WebhooksSkipped: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skipped",
        abstract: "List the events that were skipped, newest first.",
        discussion: """
            The webhook refused them for 24 hours, or they are damaged (0 attempts).

            To send them again: loket webhooks replay ID --event EVENT
            """)

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(webhook.path + "/skipped", part.query)
        try output.show(
            page: page, orElse: "no event was skipped",
            columns: ["EVENT", "SKIPPED (WIB)", .right("ATTEMPTS"), "STATUS", "ERROR"]
        ) { event in
            [
                Table.Cell(event["event"]), .time(event["skipped_at"]),
                Table.Cell(event["attempts"]), Table.Cell(event["status"]),
                Table.Cell(event["error"]),
            ]
        }
    }
}
