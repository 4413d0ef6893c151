// `loket bills`: bills of a running service, over the admin API. Each subcommand has its own file.

import ArgumentParser
import DokuWire
import Foundation

struct Bills: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, list, show, cancel, forget and export bills of a running service.",
        subcommands: [
            BillsAdd.self, BillsList.self, BillsShow.self, BillsCancel.self, BillsForget.self,
            BillsExport.self,
        ])
}

/// How the result is printed.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the service's JSON as it is.")
    var json = false

    func show(_ value: JSONValue, _ readable: (JSONValue) -> String) {
        print(json ? String(decoding: value.minified, as: UTF8.self) : readable(value))
    }
}
