// An import in the admin API's responses.

import BillFiles
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

extension ImportRecord {
    /// - Parameters:
    ///   - accounts: the Client-Id of each account's row id.
    ///   - progress: the import's current progress.
    func write(
        to object: inout JSONWriter, accounts: [Int64: String], progress: ImportRunner.Progress
    ) {
        object.field("id", "\(id)")
        object.field("state", state.rawValue)
        object.field("phase", phase?.rawValue)
        object.field("dry_run", isDryRun)
        let options = fileOptions
        object.field("format", options.format.rawValue)
        object.field("amount_format", amountFormat)
        object.field("options", json: options.json.utf8)
        object.field("file_name", fileName)
        object.field("note", note)
        object.field("account", accountID.flatMap { accounts[$0] })
        object.field("actor", actor)
        object.field("started_at", startedAt.utcText)
        object.field("finished_at", finishedAt?.utcText)
        object.field("failure", state == .running ? progress.waitsFor : failure)
        object.field("bytes", bytes)
        object.field("rows", rows)
        object.field("checked", progress.compared ?? checked)
        object.object("diff") {
            $0.field("new", difference.new)
            $0.field("changed", difference.changed)
            $0.field("unchanged", difference.unchanged)
            $0.field("skipped", difference.skipped)
            $0.field("refused", difference.refused)
            $0.field("lowered", lowering.count)
            $0.field("lowered_by", lowering.by)
        }
        object.array("warnings") { list in
            for warning in warnings {
                list.object {
                    $0.field("kind", warning.name)
                    $0.field("text", warning.text)
                }
            }
        }
        object.object("applied") {
            $0.field("created", created)
            $0.field("changed", changed)
            $0.field("overtaken", overtaken)
            $0.field("held", held)
        }
        object.object("undone", of: state == .undone || phase == .undoing ? undone : nil) {
            $0.field("cancelled", $1.cancelled)
            $0.field("restored", $1.restored)
            $0.field("kept", $1.kept)
        }
    }
}

extension ImportRecord {
    /// The options with which the file was read.
    var fileOptions: FileOptions {
        if let kept = options.flatMap({ FileOptions(json: $0) }) { return kept }
        var options = FileOptions()
        options.format = format == .csv ? .csv : .ndjson
        options.amountFormat = AmountFormat(rawValue: amountFormat) ?? .plain
        return options
    }
}

extension ImportLowering.Warning {
    var text: String {
        switch self {
        case .lowersMany(let count, let all, let sum):
            "\(count) of \(all) changed bills get a lower amount, \(sum) rupiah less in all"
        case .halves(let before, let after):
            "the open bills in the file owe \(before) rupiah and would owe \(after), less than half"
        }
    }
}

extension ImportCause {
    func write(to object: inout JSONWriter) {
        object.field("column", column)
        object.field("reason", reason)
        object.field("count", count)
        object.array("lines") { list in lines.forEach { list.integer($0) } }
    }
}

/// The requested page of an import's notes.
struct NotesPage {
    private(set) var outcome: ImportNote.Outcome?
    private(set) var after: Int64 = 0
    private(set) var limit = Limits.pageItemsDefault

    private static let cursorPrefix = "note-"

    /// The first page.
    init() {}

    init(_ request: Request) throws {
        var parameters = try request.parameters(["outcome", "limit", "cursor"])
        if let text = parameters["outcome"] {
            guard let outcome = ImportNote.Outcome(rawValue: text) else {
                throw Problem.noneOf("outcome", ImportNote.Outcome.allCases.map(\.rawValue))
            }
            self.outcome = outcome
        }
        if let text = parameters.removeValue(forKey: "cursor") {
            guard text.hasPrefix(Self.cursorPrefix),
                let after = Int64(text.dropFirst(Self.cursorPrefix.count)), after > 0
            else {
                throw Problem(.invalidParameter, "`cursor` was not returned by this list")
            }
            self.after = after
        }
        limit = try Page.limit(parameters)
    }

    /// - Parameter notes: one more than `limit` if there is a next page.
    func write(_ notes: [(id: Int64, note: ImportNote)], to object: inout JSONWriter) {
        let shown = notes.prefix(limit)
        object.array("items") { list in
            for (_, note) in shown {
                list.object {
                    $0.field("line", note.line)
                    $0.field("column", note.column)
                    $0.field("value", note.value)
                    $0.field("outcome", note.outcome.rawValue)
                    $0.field("invoice_number", note.invoiceNumber)
                    $0.field("reason", note.reason)
                }
            }
        }
        let next = notes.count > limit ? shown.last.map { Self.cursorPrefix + "\($0.id)" } : nil
        object.field("next_cursor", next)
    }
}
