// Which media type a client prefers (RFC 9110 §12.5.1), for the lists that are also a file.

import HTTPTypes
import Hummingbird

extension Request {
    static let csv = "text/csv"

    /// Whether the client asks for CSV rather than JSON. Without `Accept`, and for `*/*`, it is
    /// JSON.
    var prefersCSV: Bool {
        var (csv, json) = (0.0, 0.0)
        for range in headers[values: .accept].flatMap({ $0.split(separator: ",") }) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            let quality = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
                .flatMap { Double($0.dropFirst(2)) }
            switch parts.first?.lowercased() {
            case Self.csv: csv = quality ?? 1
            case "application/json": json = quality ?? 1
            default: break
            }
        }
        return csv > 0 && csv >= json
    }
}
