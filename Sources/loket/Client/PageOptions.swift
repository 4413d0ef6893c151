// Which part of a list a command asks for.

import ArgumentParser
import LoketCore

struct PageOptions: ParsableArguments {
    @Option(help: "Entries in one page, 1 to \(Limits.pageItemsMax).")
    var limit = Limits.pageItemsDefault
    @Option(help: "Where the last page ended.")
    var cursor: String?

    var query: Query { [("limit", "\(limit)"), ("cursor", cursor)] }
}
