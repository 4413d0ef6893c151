// `loket events`, `loket tail`, `loket find` and `loket notifications` over a running service.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct FeedCommands {
        private func way(_ service: Service) -> [String] {
            ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        private func pay(_ site: Site, _ service: Service) async throws {
            let paid = try await site.run([
                "simulate", "notification",
                "http://127.0.0.1:\(service.gatewayPort)/doku/notification", "--client-id",
                Site.clientID, "--secret-file", "secret", "--invoice", "INV-1", "--amount",
                "150000", "--code", "88965112345671",
            ])
            #expect(paid.code == 0, "\(paid)")
        }

        @Test func `events are listed in pages, and by type`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let none = try await site.run(["events"] + way(service))
                #expect(none.code == 0 && none.errors == "no events\n", "\(none)")
                try await service.addBill("88965112345671", invoice: "INV-1")
                try await pay(site, service)
                let first = try await site.run(["events", "--limit", "1"] + way(service))
                let cells = first.output.split(separator: "\t").map(String.init)
                #expect(Array(cells[2...4]) == ["bill.created", "Rp150.000", "INV-1"], "\(first)")
                #expect(cells[5] == "bill 1 open\n")
                // The printed command shows the next page.
                let next = try #require(first.errors.firstMatch(of: /`loket ([^`]*)`/)?.1)
                let rest = try await site.run(next.split(separator: " ").map(String.init))
                #expect(rest.output.contains("\tpayment.settled\tRp150.000\tINV-1\t"), "\(rest)")
                #expect(rest.output.contains("payment 1 settled, bill 1 paid"), "\(rest)")
                let typed = try await site.run(
                    ["events", "--types", "payment.settled"] + way(service))
                #expect(typed.output.split(separator: "\n").count == 1, "\(typed)")
                let wrong = try await site.run(["events", "--types", "x"] + way(service))
                #expect(wrong.code == 1 && wrong.errors.contains("payment.settled"), "\(wrong)")
                let lost = try await site.run(
                    ["events", "--after", "0123456789abcdef-1"] + way(service))
                #expect(lost.code == 1 && lost.errors.contains("after=0"), "\(lost)")
            }
        }

        @Test func `events are followed through a restart of the service`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                let follower = try site.start(
                    ["events", "--follow", "--after", "0", "--json"] + way(service))
                try await eventually("the first event") {
                    follower.output.contains("bill.created")
                }
                _ = try await service.stop()
                try await eventually("the stop is noticed") {
                    follower.errors.contains("trying again")
                }
                try site.writeSettings(adminPort: service.adminPort)
                let second = try await site.serve()
                #expect(second.adminPort == service.adminPort)
                try await pay(site, second)
                try await eventually("the event of after the restart") {
                    follower.output.contains("payment.settled")
                }
                follower.send(SIGTERM)
                let lines = try await follower.end().output.split(separator: "\n")
                let types = try lines.map { try StrictJSON(Array($0.utf8)).root["type"]?.string }
                #expect(types == ["bill.created", "payment.settled"])
            }
        }

        @Test func `a follower asks for the end once, and again after a proxy's refusal`()
            async throws
        {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "key")
                let page = { (id: Int) in
                    #"{"items":[],"next_cursor":"e-\#(id)","has_more":false}"#
                }
                let recorder = try await site.startRecorder([
                    (503, "{}"), (200, page(5)), (502, "{}"), (200, ""), (200, page(6)),
                ])
                let follower = try site.start(
                    ["events", "--follow", "--url", recorder.url, "--key-file", "key"])
                let waits = { (after: String) in
                    "GET /admin/v1/events?limit=100&after=\(after)&wait=20"
                }
                let end = "GET /admin/v1/events?limit=100&after=end"
                let expected = [end, end, waits("e-5"), waits("e-5"), waits("e-5"), waits("e-6")]
                try await eventually("the requests of a follower") {
                    recorder.requests.prefix(6).elementsEqual(expected)
                }
                #expect(follower.errors.contains("HTTP 503; trying again"), "\(follower.errors)")
                follower.send(SIGTERM)
                _ = try await follower.end()
            }
        }

        @Test func `quotes that are not paid are listed until they are`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                for code in ["88965112345671", "88965199999999"] { _ = try await service.ask(code) }
                try await eventually("both are in the journal") {
                    try await service.journal().count == 2
                }
                let unpaid = ["inquiries", "--unpaid", "--bill-id", "1"] + way(service)
                let quoted = try await site.run(unpaid)
                #expect(quoted.output.contains("\tpayable\tRp150.000\tINV-1\t"), "\(quoted)")
                let refused = try await site.run(
                    ["inquiries", "--guard", "bill_unknown", "--from", "2020-01-01"] + way(service))
                #expect(refused.output.split(separator: "\n").count == 1, "\(refused)")
                #expect(refused.output.contains("\tbill_unknown\t"), "\(refused)")
                try await pay(site, service)
                let none = try await site.run(unpaid)
                #expect(none.output.isEmpty && none.errors == "no quote is unpaid\n", "\(none)")
            }
        }

        @Test func `tail shows the latest inquiries and each that comes, filtered`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                for code in ["88965112345671", "88965199999999"] { _ = try await service.ask(code) }
                try await eventually("both are in the journal") {
                    try await service.journal().count == 2
                }
                let latest = try await site.run(
                    ["tail", "--no-follow", "--lines", "5"] + way(service))
                let guards = latest.output.split(separator: "\n").map {
                    $0.split(separator: "\t")[3]
                }
                #expect(guards == ["payable", "bill_unknown"], "\(latest)")
                let follower = try site.start(["tail", "--lines", "1"] + way(service))
                let refused = try site.start(
                    ["tail", "--refused", "--lines", "0", "--json", "--channel", "alfa"]
                        + way(service))
                try await eventually("the last inquiry is shown") {
                    follower.output.contains("bill_unknown")
                }
                for code in ["88965112345671", "88965177777777"] { _ = try await service.ask(code) }
                try await eventually("the next inquiries are shown") {
                    follower.output.split(separator: "\n").count == 3
                        && refused.output.contains("88965177777777")
                }
                #expect(!refused.output.contains("payable"), "\(refused.output)")
                for child in [follower, refused] {
                    child.send(SIGTERM)
                    _ = try await child.end()
                }
            }
        }

        @Test func `find shows bills with their inquiries, or exits 1`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                _ = try await service.ask("88965112345671")
                try await eventually("it is in the journal") {
                    try await service.journal().count == 1
                }
                let found = try await site.run(["find", "8896.5112", "345671"] + way(service))
                #expect(found.code == 0, "\(found)")
                let lines = found.output.split(separator: "\n")
                #expect(lines.count == 2, "\(found)")
                #expect(lines[0].hasPrefix("#1\t88965112345671\tINV-1\tRp150.000\topen\t"))
                #expect(lines[1].contains("\tpayable\tRp150.000\tINV-1\t"), "\(found)")
                let near = try await site.run(["find", "8896511234567"] + way(service))
                #expect(near.code == 1 && near.errors.contains("digit missing"), "\(near)")
                let none = try await eventually("the words of the names") {
                    let outcome = try await site.run(["find", "INV-2"] + way(service))
                    return outcome.errors.contains("still reading") ? nil : outcome
                }
                #expect(none.code == 1, "\(none)")
                #expect(none.errors == "loket: nothing was found for `INV-2`\n")
            }
        }

        @Test func `notifications are listed by standing and shown with their bodies`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                try await pay(site, service)
                let list = try await site.run(
                    ["notifications", "list", "--standing", "settled"] + way(service))
                #expect(
                    list.output.contains(
                        "\tnotification\tRp150.000\tINV-1\t88965112345671\tSUCCESS\tsettled\t1\n"),
                    "\(list)")
                let other = try await site.run(
                    ["notifications", "list", "--standing", "foreign"] + way(service))
                #expect(other.output.isEmpty && other.errors == "no notifications\n", "\(other)")
                let wrong = try await site.run(
                    ["notifications", "list", "--standing", "x"] + way(service))
                #expect(wrong.code == 2 && wrong.errors.contains("settled"), "\(wrong)")
                let shown = try await site.run(["notifications", "show", "1"] + way(service))
                #expect(shown.output.contains("  path      /doku/notification\n"), "\(shown)")
                #expect(shown.output.contains("`loket payments show 1"), "\(shown)")
                #expect(shown.output.contains(#""invoice_number":"INV-1""#), "\(shown)")
            }
        }

        @Test func `keys and pauses are shown`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let key = try await site.run(["keys", "show", "1"] + way(service))
                #expect(key.output.hasPrefix("#1  first  read,write,keys,backup  every account"))
                let none = try await site.run(["pauses"] + way(service))
                #expect(none.output == "nothing is paused\n", "\(none)")
                _ = try await site.run(["pause", "--reason", "stock-taking"] + way(service))
                let pauses = try await site.run(["pauses"] + way(service))
                #expect(pauses.output.contains("paused: every account"), "\(pauses)")
                #expect(pauses.output.contains("\tevery account\tfirst\tstock-taking\n"))
            }
        }
    }
}
