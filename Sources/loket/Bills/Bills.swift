// `loket bills`: bills of a running service, over the admin API. Each subcommand has its own file.

import ArgumentParser
import Foundation
import LoketJSON

struct Bills: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, import, list, show, cancel, forget and export bills of a running service.",
        subcommands: [
            BillsAdd.self, BillsImport.self, BillsList.self, BillsShow.self, BillsCancel.self,
            BillsForget.self, BillsExport.self,
        ])
}

/// How the result is printed.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the service's JSON as it is.")
    var json = false

    func show(_ value: JSONValue, _ readable: (JSONValue) -> String) throws {
        try Output.print(
            json
                ? String(decoding: value.minified, as: UTF8.self)
                : CarriedOptions.added(to: readable(value)))
    }

    /// A page of a list, a line for each item, and how to see the next page.
    ///
    /// - Parameters:
    ///   - nothing: what is said where the page is empty.
    ///   - beside: lines about what is none of the items.
    func show(
        page: JSONValue, orElse nothing: String, beside: (JSONValue) -> [String] = { _ in [] },
        _ line: (JSONValue) -> String
    ) throws {
        try show(page) { page in
            let lines = (page["items"]?.elements ?? []).map(line) + beside(page)
            let more = page["next_cursor"]?.string.map { ["more: --cursor \($0)"] } ?? []
            // An empty page may have a next one.
            let shown = lines + more
            return shown.isEmpty ? nothing : shown.joined(separator: "\n")
        }
    }
}
