// The latest inquiries that did not verify, in memory, for `why`. An account's strangers never push
// out its own: each has a ring of its own, and all who name no account of ours share one. A restart
// forgets them. Notifications that did not verify may be money and are kept in the database.

import DokuWire
import LoketCore
import Synchronization

package final class UnverifiedRing: Sendable {
    package struct Kept: Sendable {
        package let receivedAt: Moment
        package let cause: WireRejection
        /// The account whose Client-Id it names; nil: it names none of ours.
        package let accountID: Int64?
        /// The header lines that a signature is made and judged by.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        fileprivate var size: Int {
            headers.reduce(body.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        }

        fileprivate func has(requestID: String) -> Bool {
            headers.contains {
                $0.name.lowercased() == "request-id" && $0.value.utf8.elementsEqual(requestID.utf8)
            }
        }
    }

    private struct Ring {
        var rows: [Kept] = []
        var bytes = 0

        /// Oldest first out.
        mutating func add(_ kept: Kept) {
            rows.append(kept)
            bytes += kept.size
            while rows.count > Limits.unverifiedRowsMax || bytes > Limits.unverifiedBytesMax {
                bytes -= rows.removeFirst().size
            }
        }
    }

    private let directory: Directory
    private let allowances = Allowances<Int64?>(burst: Limits.unverifiedBurst)
    private let rings = Mutex<[Int64?: Ring]>([:])

    package init(directory: Directory) {
        self.directory = directory
    }

    private static let names: Set<String> = [
        "client-id", "request-id", "request-timestamp", "signature", "host", "x-forwarded-host",
    ]

    /// Keeps a request, unless too many came at once.
    package func keep(
        _ cause: WireRejection, headers: some Sequence<(name: String, value: String)>,
        body: [UInt8], now: Moment
    ) {
        let lines = headers.filter { Self.names.contains($0.name.lowercased()) }
        // Nobody could ask for it.
        guard lines.contains(where: { $0.name.lowercased() == "request-id" }) else { return }
        let client = lines.first { $0.name.lowercased() == "client-id" }
        let accountID = client.flatMap { directory.current.accountID(of: $0.value) }
        guard allowances.take(accountID) else { return }
        let kept = Kept(
            receivedAt: now, cause: cause, accountID: accountID, headers: lines, body: body)
        rings.withLock { $0[accountID, default: Ring()].add(kept) }
    }

    /// Those with a Request-Id, newest first.
    ///
    /// - Parameter accountID: only those that name this account; nil: all of them.
    package func find(requestID: String, accountID: Int64?) -> [Kept] {
        rings.withLock { rings in
            rings.filter { accountID == nil || $0.key == accountID }
                .flatMap { $0.value.rows.filter { $0.has(requestID: requestID) } }
                .sorted { $0.receivedAt > $1.receivedAt }
        }
    }

    /// How many are kept, of everybody.
    package var count: Int { rings.withLock { $0.values.reduce(0) { $0 + $1.rows.count } } }
}
