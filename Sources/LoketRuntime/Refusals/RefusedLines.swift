// The header lines of a refused request that are kept: those that its signature is made and judged
// by, and no others.

import DokuWire
import LoketCore

struct RefusedLines {
    let kept: [(name: String, value: String)]
    /// As it came, the first where there are two.
    let clientID: String?
    let requestID: String?

    private static let names: Set<String> = [
        "client-id", "request-id", "request-timestamp", "signature", "host", "x-forwarded-host",
    ]

    init(_ headers: some Sequence<(name: String, value: String)>) {
        kept = headers.filter { Self.names.contains($0.name.lowercased()) }
        clientID = kept.first { $0.name.lowercased() == "client-id" }?.value
        requestID = kept.first { $0.name.lowercased() == "request-id" }?.value
    }

    /// One that can be written into a log and given to a command.
    var plainRequestID: String? {
        requestID.flatMap { !$0.isEmpty && isIdentifier($0) ? $0 : nil }
    }

    var whyText: String {
        plainRequestID.map { "; `\(whyCommand($0))` explains it" } ?? ""
    }
}
