// `loket webhooks`: the URLs to which the service sends events. The commands that create, show and
// change a webhook; WebhooksSending has the others.

import ArgumentParser
import LoketCore
import LoketJSON
import LoketStore

struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Send events to your own programs by signed HTTPS requests.",
        subcommands: [
            WebhooksAdd.self, WebhooksList.self, WebhooksShow.self, WebhooksEdit.self,
            WebhooksRemove.self, WebhooksPause.self, WebhooksResume.self, WebhooksReplay.self,
            WebhooksRotate.self, WebhooksDropOldSecret.self, WebhooksTest.self,
            WebhooksSkipped.self,
        ])

    static let path = "/admin/v1/webhooks"
}

private let typesHelp = ArgumentHelp(
    """
    Only events of these types, with commas between them: \
    \(Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
    """, valueName: "list")

struct WebhooksAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Create a webhook and print its secret once.",
        discussion: """
            Standard output has only the secret, with which the receiver verifies each message \
            (Standard Webhooks). Events from now on are sent.

            Example: loket webhooks add https://erp.example/loket --types payment.settled > secret
            """)

    @Argument(help: ArgumentHelp("The https URL that receives the events.", valueName: "url"))
    var target: String
    @Option(help: typesHelp)
    var types: String?
    @Option(help: "Only events of this Client-Id.")
    var account: String?
    @Option(help: "A line for the operators.")
    var note: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let made = try await admin.client().post(WebhooksCommand.path) { body in
            body.field("url", target)
            if let types { WebhookText.write(types, to: &body) }
            if let account { body.field("account", account) }
            if let note { body.field("note", note) }
        }
        try WebhookText.show(secretOf: made, output)
    }
}

struct WebhooksList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List webhooks, newest first.")

    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get(WebhooksCommand.path, part.query)
        try output.show(
            page: page, orElse: "no webhooks",
            columns: [
                "ID", "STATE", "LAST ATTEMPT (WIB)", "STATUS", .right("SKIPPED"), "ACCOUNT",
                "TYPES", "URL",
            ], WebhookText.row)
    }
}

struct WebhooksShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one webhook: its place in the feed, and its last attempt.")

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(await admin.client().get(webhook.path), WebhookText.lines)
    }
}

struct WebhooksEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change the URL, the types or the note of a webhook.",
        discussion: """
            What you do not give stays. An empty text clears --types (then events of every type \
            are sent) or --note. Of a type that is new, only events from now on are sent.
            """)

    @OptionGroup var webhook: WebhookArgument
    @Option(help: ArgumentHelp("The https URL that receives the events.", valueName: "url"))
    var target: String?
    @Option(help: typesHelp)
    var types: String?
    @Option(help: "A line for the operators.")
    var note: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard target != nil || types != nil || note != nil else {
            throw ValidationError("give --target, --types or --note")
        }
    }

    func run() async throws {
        let edited = try await admin.client().patch(webhook.path) { body in
            if let target { body.field("url", target) }
            if let types { WebhookText.write(types, to: &body) }
            if let note { body.field("note", note.isEmpty ? nil : note) }
        }
        try output.show(edited, WebhookText.lines)
    }
}

struct WebhooksRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a webhook, its secrets and its list of skipped events.")

    @OptionGroup var webhook: WebhookArgument
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(await admin.client().delete(webhook.path)) {
            "webhook \(shown($0["id"])) is removed"
        }
    }
}

struct WebhookArgument: ParsableArguments {
    @Argument(help: "The webhook's id.")
    var id: Int64

    var path: String { "\(WebhooksCommand.path)/\(id)" }
}
