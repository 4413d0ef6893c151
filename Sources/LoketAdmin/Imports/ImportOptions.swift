// The options of an uploaded file, from its query parameters and media type, and from an earlier
// import. Nothing is guessed from the file's contents.

import BillFiles
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct ImportOptions {
    let stored: Store.NewImport
    /// How the file is read.
    let file: FileOptions
    /// The account parameter, needed for bills whose BIN two accounts have.
    let clientID: String?

    private static let parameters: Set<String> = FileOptions.parameters.union([
        "dry_run", "account", "format", "like", "rows_of", "file_name", "note", "accept_warnings",
    ])

    init(
        _ request: Request, registry: AccountRegistry, context: AdminContext, store: Store
    ) async throws {
        let given = try request.parameters(
            Self.parameters, repeatable: FileOptions.repeatable)
        clientID = given["account"]?.first
        let accountID = try context.account(clientID, in: registry)
        let encoding = request.headers[.contentEncoding] ?? "identity"
        guard encoding.lowercased() == "identity" else {
            throw Problem(
                .mediaTypeUnknown,
                "send the file unchanged, without `Content-Encoding: \(encoding)`")
        }
        var file = try await Self.earlier(given, context, store)
        let isLike = given["like"] != nil
        let format = try Self.format(
            given["format"]?.first, request.mediaType,
            like: isLike ? file.format : file.rowsOf != nil ? .csv : nil)
        if file.rowsOf == nil {
            file.format = format
        } else if format != .csv {
            throw Problem(
                .mediaTypeUnknown, "a file of refused rows is CSV: send `Content-Type: text/csv`")
        }
        let kept = try Self.taken(given, &file)
        self.file = file
        var stored = Store.NewImport(
            accountID: accountID, actor: context.actor,
            format: file.format == .csv ? .csv : .ndjson, amountFormat: file.amountFormat.rawValue,
            isDryRun: try Self.flag("dry_run", given))
        stored.options = kept.json
        stored.fileName = try Self.line("file_name", given, max: Limits.fileNameMax)
        stored.note = try Self.line("note", given, max: Limits.reasonMax)
        stored.acceptsWarnings = try Self.flag("accept_warnings", given)
        self.stored = stored
    }

    /// Changes the options that are given.
    ///
    /// - Returns: the options to keep. Those of refused rows have the form of the first file, which
    ///   the next import takes with `like`; the given form is that of the refused rows alone.
    private static func taken(
        _ given: [String: [String]], _ file: inout FileOptions
    ) throws -> FileOptions {
        guard let id = file.rowsOf else {
            try valid { () throws(FileOptions.Fault) in try file.take(given) }
            return file
        }
        let form = given.filter { FileOptions.formParameters.contains($0.key) }
        let others = given.filter { form[$0.key] == nil }
        try valid { () throws(FileOptions.Fault) in try file.take(others) }
        let kept = file
        file = file.forRows(of: id)
        try valid { () throws(FileOptions.Fault) in try file.take(form) }
        return kept
    }

    /// Returns the options of an earlier import that the key may see, for another file or for its
    /// refused rows; the default options if none is named.
    private static func earlier(
        _ given: [String: [String]], _ context: AdminContext, _ store: Store
    ) async throws -> FileOptions {
        guard given["like"] == nil || given["rows_of"] == nil else {
            throw Problem(
                .invalidParameter,
                "`like` cannot be given with `rows_of`, which takes the options of that import")
        }
        let name = given["like"] == nil ? "rows_of" : "like"
        guard let id = given[name]?.first else { return FileOptions() }
        guard let number = Int64(id), number > 0, let record = try await store.import(id: number),
            context.maySee(record.accountID)
        else {
            throw Problem(
                .invalidParameter,
                "`\(name)` must be the id of an import: there is no "
                    + "import \(shownValue(Array(id.utf8)))")
        }
        var options = record.fileOptions
        options.rowsOf = name == "rows_of" ? number : nil
        return options
    }

    private static func valid<Value>(
        _ body: () throws(FileOptions.Fault) -> Value
    ) throws -> Value {
        do { return try body() } catch {
            throw Problem(.invalidParameter, "`\(error.parameter)` \(error.reason)")
        }
    }

    private static func flag(_ name: String, _ given: [String: [String]]) throws -> Bool {
        try valid { () throws(FileOptions.Fault) in try FileOptions.flag(name, given) } ?? false
    }

    private static func line(
        _ name: String, _ given: [String: [String]], max: Int
    ) throws -> String? {
        guard let text = given[name]?.first else { return nil }
        guard let line = try? PrintableText.line(text, max: max) else {
            throw Problem(
                .invalidParameter,
                "`\(name)` must be 1 to \(max) characters, not blank, without line breaks, control "
                    + "characters and text-direction characters")
        }
        return line
    }
}

// MARK: The format

extension ImportOptions {
    /// - Parameter like: the format of the import whose options are taken.
    private static func format(
        _ word: String?, _ type: String, like: ImportFormat?
    ) throws -> ImportFormat {
        let isAnything = type == "application/octet-stream"
        if let word {
            guard let format = ImportFormat(rawValue: word) else {
                throw Problem.noneOf("format", ImportFormat.allCases.map(\.rawValue))
            }
            guard isAnything || formats[type] == format else {
                throw Problem(
                    .mediaTypeUnknown, "`format=\(word)` does not match the media type \(type)")
            }
            return format
        }
        guard let format = formats[type] ?? (isAnything ? like : nil) else {
            throw Problem(
                .mediaTypeUnknown,
                "send `Content-Type: text/csv`, `application/x-ndjson` or `application/json`, or "
                    + "`application/octet-stream` with `format=csv`, `format=ndjson` or "
                    + "`format=json`")
        }
        return format
    }

    private static let formats: [String: ImportFormat] = [
        "text/csv": .csv, "application/x-ndjson": .ndjson,
        "application/ndjson": .ndjson, "application/jsonl": .ndjson, "application/json": .json,
    ]
}
