// The options of an uploaded file, from its query parameters and media type. Nothing is guessed
// from the file's contents.

import BillFiles
import HTTPTypes
import Hummingbird
import LoketRuntime
import LoketStore

struct ImportOptions {
    let stored: Store.NewImport
    let amountFormat: AmountFormat
    /// The account parameter, needed for bills whose BIN two accounts have.
    let clientID: String?

    init(_ request: Request, registry: AccountRegistry, context: AdminContext) throws {
        let parameters = try request.parameters([
            "dry_run", "amount_format", "account", "format",
        ])
        amountFormat =
            try parameters["amount_format"].map { text in
                guard let format = AmountFormat(rawValue: text) else {
                    throw Problem.noneOf("amount_format", AmountFormat.allCases.map(\.rawValue))
                }
                return format
            } ?? .plain
        clientID = parameters["account"]
        let accountID = try context.account(clientID, in: registry)
        let isDryRun: Bool
        switch parameters["dry_run"] {
        case nil, "false": isDryRun = false
        case "true": isDryRun = true
        default: throw Problem.noneOf("dry_run", ["true", "false"])
        }
        let encoding = request.headers[.contentEncoding] ?? "identity"
        guard encoding.lowercased() == "identity" else {
            throw Problem(
                .mediaTypeUnknown,
                "send the file unchanged, without `Content-Encoding: \(encoding)`")
        }
        stored = Store.NewImport(
            accountID: accountID, actor: context.actor,
            format: try Self.format(parameters["format"], request.mediaType),
            amountFormat: amountFormat.rawValue, isDryRun: isDryRun)
    }

    private static func format(
        _ word: String?, _ type: String
    ) throws -> ImportRecord.Format {
        if let word {
            guard let format = ImportRecord.Format(rawValue: word) else {
                throw Problem.noneOf("format", ImportRecord.Format.allCases.map(\.rawValue))
            }
            guard type == "application/octet-stream" || formats[type] == format else {
                throw Problem(
                    .mediaTypeUnknown, "`format=\(word)` does not match the media type \(type)")
            }
            return format
        }
        guard let format = formats[type] else {
            throw Problem(
                .mediaTypeUnknown,
                "send `Content-Type: text/csv` or `application/x-ndjson`, or "
                    + "`application/octet-stream` with `format=csv` or `format=ndjson`")
        }
        return format
    }

    private static let formats: [String: ImportRecord.Format] = [
        "text/csv": .csv, "application/x-ndjson": .ndjson, "application/ndjson": .ndjson,
        "application/jsonl": .ndjson,
    ]
}
