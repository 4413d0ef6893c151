// The options that say how a file of bills is written, as options of a command and as parameters of
// the admin API.

import ArgumentParser
import BillFiles
import LoketCore
import LoketJSON

struct FileOptionArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How amounts are written: plain (150000), indonesian (150.000,00) or english "
                + "(150,000.00).", valueName: "form"))
    var amountFormat: String?
    @Option(
        help: ArgumentHelp(
            "How dates are written: iso (2026-12-31) or dmy (31/12/2026, 31.12.2026, 31-12-2026).",
            valueName: "form"))
    var dateFormat: String?
    @Option(
        help: ArgumentHelp(
            "A column of the file and the bill's column it contains, such as "
                + "'No. Faktur=invoice_number'; repeat for each column.", valueName: "name=column"))
    var map: [String] = []
    @Option(
        help: ArgumentHelp(
            "A column of the file that is not read; '' for columns without a name; repeat for each.",
            valueName: "name"))
    var ignore: [String] = []
    @Option(
        help: ArgumentHelp(
            "The number of lines before the header, 0 to \(FileOptions.skipLinesMax).",
            valueName: "count"))
    var skipLines: String?
    @Option(
        help: ArgumentHelp(
            "Skip rows whose first filled cell is this text, such as Total; repeat for each text.",
            valueName: "text"))
    var skipRows: [String] = []
    @Option(
        help: ArgumentHelp(
            "comma, semicolon, tab or bar; by default the more frequent of comma and semicolon "
                + "in the header.", valueName: "name"))
    var delimiter: String?
    @Option(
        help: ArgumentHelp(
            "utf-8, windows-1252, utf-16 with a byte order mark, utf-16le or utf-16be.",
            valueName: "name"))
    var encoding: String?
    @Flag(
        inversion: .prefixedNo,
        help: "Read codes without spaces, dots, dashes, a leading apostrophe and =\"…\".")
    var cleanCodes: Bool?
    @Flag(
        inversion: .prefixedNo,
        help: "Drop spaces at both ends of values, and make a line break in a value a space.")
    var cleanSpaces: Bool?

    /// The parameters of a request.
    var query: Query {
        let single: Query = [
            ("amount_format", amountFormat), ("date_format", dateFormat),
            ("skip_lines", skipLines), ("delimiter", delimiter), ("encoding", encoding),
            ("clean_codes", cleanCodes.map { "\($0)" }),
            ("clean_spaces", cleanSpaces.map { "\($0)" }),
        ]
        return single + map.map { ("map", $0) } + ignore.map { ("ignore", $0) }
            + skipRows.map { ("skip_rows", $0) }
    }

    func validate() throws {
        var given: [String: [String]] = [:]
        for (name, value) in query { if let value { given[name, default: []].append(value) } }
        var options = FileOptions()
        do { try options.take(given) } catch {
            throw ValidationError("\(Self.option(error.parameter)) \(error.reason)")
        }
    }

    /// Returns `--skip-lines` for `skip_lines`.
    private static func option(_ parameter: String) -> String {
        "--" + parameter.replacing("_", with: "-")
    }
}

// MARK: Kept options

extension FileOptionArguments {
    /// Returns the options of an import as they are written in a command, without those that are
    /// as by default, the format, and the form of amounts, which is always shown.
    static func words(_ options: JSONValue?) -> [String] {
        (options?.members ?? []).flatMap { name, value -> [String] in
            let option = option(name)
            switch name {
            case "format", "amount_format": return []
            case "map":
                return value.members.map {
                    "\(option) \(quoted("\($0.name)=\($0.value.string ?? "")"))"
                }
            case "ignore", "skip_rows":
                return value.elements.map { "\(option) \(quoted($0.string ?? ""))" }
            case "clean_codes", "clean_spaces": return value.bool == true ? [option] : []
            default:
                let isDefault = value.isNull || ["iso", "utf-8", "0"].contains(shown(value))
                return isDefault ? [] : ["\(option) \(shown(value))"]
            }
        }
    }

    private static func quoted(_ text: String) -> String { ShellWord.quoted(text.visible) }

    /// Returns a reason of the service with the parameters of the API as options of the command,
    /// such as `--date-format dmy` for `date_format=dmy`.
    static func spelt(_ reason: String) -> String {
        reason.replacing("accept_warnings=true", with: "--yes")
            .replacing(
                /\b(amount_format|date_format|delimiter|encoding|format)=([a-z0-9-]+)/
            ) { "\(option(String($0.output.1))) \($0.output.2)" }
            .replacing(/\b(skip_lines|skip_rows|rows_of|clean_codes|clean_spaces)\b/) {
                option(String($0.output.1))
            }
    }
}
