// The parameters `from` and `to` of a list, or two others of the same kind. A date means its
// beginning in Jakarta, and `to` is not part of the range, so `from=2026-11-30&to=2026-12-01` is
// one day.

import LoketCore

struct TimeRange {
    let from: Moment?
    let to: Moment?

    static let parameters: Set<String> = ["from", "to"]

    /// - Throws: `invalid_parameter` for a value that is no time, and for a range without a moment.
    init(
        _ parameters: [String: String], names: (from: String, to: String) = ("from", "to")
    ) throws {
        from = try Self.moment(names.from, parameters)
        to = try Self.moment(names.to, parameters)
        guard let from, let to,
            let empty = EmptyRange(
                from: (parameters[names.from] ?? "", from), to: (parameters[names.to] ?? "", to))
        else { return }
        throw Problem(
            .invalidParameter,
            empty.text(names: ("`\(names.from)`", "`\(names.to)`")) {
                "\(names.from)=\($0)&\(names.to)=\($1)"
            })
    }

    static func moment(_ name: String, _ parameters: [String: String]) throws -> Moment? {
        try parameters[name].map { text in
            guard let moment = Moment(parameter: text) else {
                throw Problem(
                    .invalidParameter,
                    "`\(name)` must be a date, which means its beginning in Jakarta, or a time "
                        + "with an offset, such as 2020-08-11T08:45:42Z")
            }
            return moment
        }
    }
}
