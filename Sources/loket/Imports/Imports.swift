// `loket imports`: lists and shows imports, cancels a running import, undoes an import.

import ArgumentParser
import Foundation
import LoketCore

struct Imports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, cancel and undo imports of bills; write their refused rows.",
        subcommands: [
            ImportsList.self, ImportsShow.self, ImportsRows.self, ImportsCancel.self,
            ImportsUndo.self,
        ])
}

struct ImportsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List imports, newest first.")

    @OptionGroup var part: PageOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let page = try await admin.client().get("/admin/v1/imports", part.query)
        try output.show(
            page: page, orElse: "no imports", columns: ImportText.columns, ImportText.row)
    }
}

struct ImportsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one import with the rows that need attention.")

    @Argument(help: "The import's id.")
    var id: Int64
    @Option(
        help:
            "Only rows that were changed, skipped, refused, cleaned, overtaken, held, flagged or kept."
    )
    var outcome: String?
    @Option(help: "Rows in one page, 1 to \(Limits.pageItemsMax).")
    var limit = ImportWatch.notesShown
    @Option(help: "The cursor that the previous page printed.")
    var cursor: String?
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let item = try await admin.client().get(
            "/admin/v1/imports/\(id)",
            [("limit", "\(limit)"), ("outcome", outcome), ("cursor", cursor)])
        try output.show(item) { ImportText.page($0, asked: asked) }
    }

    /// The options that the command for the next page repeats.
    private var asked: String {
        let outcome = outcome.map { " --outcome \($0)" } ?? ""
        return outcome + (limit == ImportWatch.notesShown ? "" : " --limit \(limit)")
    }
}

struct ImportsCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop a running import.",
        discussion: """
            No further row is applied. Rows that are already applied stay; `loket imports undo` \
            undoes them. Exits 1 if the import is not running.
            """)

    @Argument(help: "The import's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let item = try await admin.client().post("/admin/v1/imports/\(id)/cancel") { _ in }
        try output.show(item) { ImportText.page($0) }
    }
}

struct ImportsUndo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Undo an import.",
        discussion: """
            Bills that the import created are cancelled; bills that it changed get their old \
            values. Bills that were paid or edited since the import are kept and listed. Exits 1 \
            if the import could not be undone.
            """)

    @Argument(help: "The import's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let client = try admin.client()
        let progress = Progress()
        defer { progress.end() }
        let begun = try await client.post("/admin/v1/imports/\(id)/undo") { _ in }
        let item = try await ImportWatch(client: client).end(of: begun, progress)
        progress.end()
        try output.show(item) { ImportText.page($0) }
        guard item["state"]?.string == "undone" else {
            throw Failure(.no, "import \(id) could not be undone")
        }
    }
}
