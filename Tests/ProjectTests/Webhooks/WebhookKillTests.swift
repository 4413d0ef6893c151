// `kill -9` at random moments while three webhooks receive every event, one slowly, one refusing
// each event once, one gone; and then a restore. LOKET_TORTURE=1 makes it 100,000 events and 20
// kills.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct WebhookKills {
        private static let events = PaymentSize.of(100_000, otherwise: 300)
        private static let kills = PaymentSize.of(20, otherwise: 2)
        /// The number of events that the receiver takes before it is gone.
        private static let takesBeforeGone = 20
        private static let allowed = ["LOKET_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES": "true"]

        /// A line of the receiver's log.
        private struct Received {
            let path: String
            let id: String
            let status: String
            let invoice: String
        }

        @Test func `events arrive in order through kill -9, and no id is used twice`()
            async throws
        {
            var random = PaymentSize.random(for: "kill -9 under webhooks")
            try await withSite { site in
                let port = try await startReceiver(on: site)
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve(environment: Self.allowed)
                let desk = try PaymentDesk(site, service)
                for path in ["slow", "flaky", "gone"] {
                    let url = "http://127.0.0.1:\(port)/\(path)"
                    _ = try await desk.admin(
                        "POST", "/admin/v1/webhooks", #"{"url":"\#(url)","types":["bill.created"]}"#
                    )
                }
                let each = Self.events / Self.kills
                for cycle in 0..<Self.kills {
                    let range = cycle * each..<(cycle + 1) * each
                    _ = try await desk.addBills(range)
                    let moment = Int.random(in: range, using: &random)
                    try await eventually("deliveries") {
                        try await place(of: 1, at: desk) >= moment
                    }
                    service.child.send(SIGKILL)
                    #expect(try await service.child.end().code == -SIGKILL)
                    service = try await site.serve(environment: Self.allowed)
                }
                let feed = try await feed(at: desk)
                #expect(feed.count == each * Self.kills)
                for webhook in 1...2 {
                    try await wait(for: webhook, toReach: number(feed.last), at: desk)
                }
                let received = try received(on: site)
                #expect(firstIDs(received, "/slow") == feed)
                #expect(firstIDs(received, "/flaky") == feed)
                try expectGone(received, feed)
                try await restore(site, service, feed)
            }
        }

        // MARK: The restore

        /// Restores a backup, and expects that only what is asked for is sent, under new ids.
        private func restore(_ site: Site, _ before: Service, _ feed: [String]) async throws {
            let way = ["--url", before.adminURL, "--key-file", "loket.db.admin-key"]
            #expect(try await site.run(["backup", "copy.db"] + way).code == 0)
            #expect(try await before.stop().code == 0)
            try FileManager.default.moveItem(atPath: site.database, toPath: site.path("old.db"))
            #expect(try await site.run(["restore", "copy.db"]).code == 0)
            let count = try received(on: site).count
            let service = try await site.serve(environment: Self.allowed)
            let desk = try PaymentDesk(site, service)
            _ = try await desk.addBills(Self.events..<Self.events + 5)
            let resumed = try await site.run(["webhooks", "resume", "1"] + way)
            #expect(resumed.code == 0, "\(resumed)")
            _ = try await desk.addBills(Self.events + 5..<Self.events + 10)
            let now = try await self.feed(at: desk)
            try await wait(for: 1, toReach: number(now.last), at: desk)
            let added = try received(on: site).dropFirst(count)
            #expect(added.map(\.id) == Array(now.suffix(10)))
            #expect(added.allSatisfy { $0.path == "/slow" }, "the others are off")
            // All of it again, as the receiver may have lost it.
            let replayed = try await site.run(
                ["webhooks", "replay", "1", "--since", "2020-01-01"] + way)
            #expect(replayed.code == 0, "\(replayed)")
            try await wait(for: 1, toReach: number(now.last), at: desk)
            let again = try received(on: site).dropFirst(count + 10).map(\.id)
            #expect(firstIDs(again) == now)
            #expect(Set(feed).isDisjoint(with: now))
            var invoices: [String: String] = [:]
            for one in try received(on: site) {
                #expect(invoices[one.id] ?? one.invoice == one.invoice, "\(one.id)")
                invoices[one.id] = one.invoice
            }
            #expect(try await service.stop().code == 0)
        }

        // MARK: What was received

        private func startReceiver(on site: Site) async throws -> Int {
            let program = Project.url("Tests/ProjectTests/Webhooks/webhook_receiver.py").path
            let child = try site.start(
                [program, site.path("received"), "\(Self.takesBeforeGone)"], program: "python3")
            return try await eventually("the receiver's port") {
                Int(child.output.trimmingCharacters(in: .newlines))
            }
        }

        private func received(on site: Site) throws -> [Received] {
            let text = try String(contentsOfFile: site.path("received"), encoding: .utf8)
            return text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 4 else { return nil }
                return Received(
                    path: words[0], id: words[1], status: words[2], invoice: words[3])
            }
        }

        /// The ids in the order in which they first arrived.
        private func firstIDs(_ received: [Received], _ path: String) -> [String] {
            firstIDs(received.filter { $0.path == path }.map(\.id))
        }

        private func firstIDs(_ ids: [String]) -> [String] {
            var seen: Set<String> = []
            return ids.filter { seen.insert($0).inserted }
        }

        /// Expects that nothing came after 410, but perhaps the same event again: a kill may have
        /// come between the answer and its commit.
        private func expectGone(_ received: [Received], _ feed: [String]) throws {
            let all = received.filter { $0.path == "/gone" }
            #expect(firstIDs(all.map(\.id)) == Array(feed.prefix(Self.takesBeforeGone + 1)))
            let place = try #require(all.firstIndex { $0.status == "410" })
            #expect(Set(all[place...].map(\.id)).count == 1)
            #expect(all.count - place <= 2)
        }

        // MARK: The service

        /// The number of the last event that the webhook has taken, as stored.
        private func place(of webhook: Int, at desk: PaymentDesk) async throws -> Int {
            let shown = try await desk.admin("GET", "/admin/v1/webhooks/\(webhook)")
            return number(shown["last_event"]?.string)
        }

        /// Waits as long as the webhook comes closer to an event.
        private func wait(
            for webhook: Int, toReach end: Int, at desk: PaymentDesk
        ) async throws {
            var last = try await place(of: webhook, at: desk)
            while last < end {
                let before = last
                last = try await eventually("a delivery to webhook \(webhook) after \(before)") {
                    let now = try await place(of: webhook, at: desk)
                    return now > before ? now : nil
                }
            }
        }

        /// The number in an event's id.
        private func number(_ id: String?) -> Int {
            id?.split(separator: "-").last.flatMap { Int($0) } ?? 0
        }

        /// Returns the ids of the events that the webhooks select.
        private func feed(at desk: PaymentDesk) async throws -> [String] {
            var ids: [String] = []
            var cursor = "0"
            while true {
                let page = try await desk.admin(
                    "GET", "/admin/v1/events?limit=1000&types=bill.created&after=\(cursor)")
                ids += (page["items"]?.elements ?? []).compactMap { $0["id"]?.string }
                guard page["has_more"]?.bool == true else { return ids }
                cursor = page["next_cursor"]?.string ?? ""
            }
        }
    }
}
