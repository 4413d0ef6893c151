// The events: in order, readable from any position, and one for each change.

import DokuSimulator
import LoketCore
import LoketJSON

extension ModelRun {
    /// An event's position: `<epoch>-<number>`.
    private struct Place {
        let epoch: Substring
        let number: Int64

        init?(_ id: String) {
            guard let dash = id.lastIndex(of: "-"), let number = Int64(id[id.index(after: dash)...])
            else { return nil }
            epoch = id[..<dash]
            self.number = number
        }
    }

    /// The counts over a list of events.
    private struct Count {
        var events = 0
        var byType: [String: Int] = [:]
        /// The payments with a first event: settled, flagged or foreign.
        var payments: Set<String> = []
        var last: String?

        init(after last: String? = nil) {
            self.last = last
        }

        mutating func take(_ event: JSONValue) throws {
            guard let id = event["id"]?.string, let place = Place(id),
                let type = event["type"]?.string
            else { throw ModelDisagreement("an event without id or type") }
            if let last = last.flatMap({ Place($0) }),
                place.epoch != last.epoch || place.number <= last.number
            {
                throw ModelDisagreement("event \(id) stands behind \(self.last ?? "")")
            }
            last = id
            events += 1
            byType[type, default: 0] += 1
            let telling = ["payment.settled", "payment.flagged", "payment.foreign"]
            if telling.contains(type), let payment = event["payment"]?["id"]?.string {
                payments.insert(payment)
            }
        }
    }

    /// Reads the events after the last reading.
    func readEvents() async throws {
        let count = try await events(after: eventCursor, limit: 1000)
        eventCursor = count.last
        eventCount += count.events
    }

    /// Reads all events from the start, with another page size.
    func replayEvents() async throws {
        let count = try await events(after: nil, limit: 317)
        var comparison = ModelComparison("events")
        comparison.expect("their number from the start", count.events, eventCount)
        comparison.expect("the last", count.last, eventCursor)
        comparison.expect(
            "bill.created", count.byType["bill.created"] ?? 0, books.bills.count)
        comparison.expect("bill.cancelled", count.byType["bill.cancelled"] ?? 0, cancels)
        comparison.expect("bill.changed", count.byType["bill.changed"] ?? 0, changes)
        // An acceptance may be reported only as a settlement, or also as a resolution.
        let resolved = count.byType["payment.resolved"] ?? 0
        comparison.expect(
            "\(resolved) payment.resolved of \(resolutions), \(acceptances) of them acceptances",
            [resolutions, resolutions - acceptances].contains(resolved))
        comparison.expect(
            "payment.foreign", count.byType["payment.foreign"] ?? 0,
            books.payments.filter { $0.classifiedAs == .foreign }.count)
        comparison.expect(
            "attention.raised", count.byType["attention.raised"] ?? 0, books.attention.count)
        let untold = Set(paymentIDs).subtracting(count.payments)
        comparison.expect("payments that no event tells", untold.sorted(), [])
        try comparison.finish()
    }

    private func events(after start: String?, limit: Int) async throws -> Count {
        var count = Count(after: start)
        var cursor = start ?? "0"
        while true {
            let page = try await client.get("events?limit=\(limit)&after=\(cursor)")
            for event in page["items"]?.elements ?? [] { try count.take(event) }
            guard let next = page["next_cursor"]?.string, let hasMore = page["has_more"]?.bool
            else { throw ModelDisagreement("a page of events without cursor") }
            if let last = count.last, next != last {
                throw ModelDisagreement("the cursor \(next) after the event \(last)")
            }
            cursor = next
            if !hasMore { return count }
        }
    }
}
