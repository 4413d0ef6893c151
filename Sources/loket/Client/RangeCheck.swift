// The check of the two options of a range of time, before a request is sent.

import ArgumentParser
import LoketCore

/// - Parameter names: the two options, such as `--from` and `--to`.
/// - Throws: `ValidationError` for a range without a moment. The service refuses what is no time.
func checkRange(from: String?, to: String?, names: (from: String, to: String)) throws {
    guard let from, let to, let start = Moment(rfc3339Beginning: from),
        let end = Moment(rfc3339Beginning: to),
        let empty = EmptyRange(from: (from, start), to: (to, end))
    else { return }
    throw ValidationError(
        empty.text(names: names) { "\(names.from) \($0) \(names.to) \($1)" })
}
