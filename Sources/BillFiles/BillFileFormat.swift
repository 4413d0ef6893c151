// The two forms in which bills come and go as files.

package enum BillFileFormat: String, CaseIterable, Sendable {
    /// RFC 4180 with a header line; comma or semicolon.
    case csv
    /// One JSON object a line.
    case ndjson
}
