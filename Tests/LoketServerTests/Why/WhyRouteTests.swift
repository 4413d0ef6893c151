// The route of `why`: ids with any visible ASCII, repeated ids, unknown ids, keys for one account,
// and the filters of the list of inquiries.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct WhyRouteTests {
    private static let code = "88965110000001"
    private static let list = "/admin/v1/inquiries"

    @Test func `a Request-Id of any visible ASCII is found percent-encoded`() async throws {
        try await withService { service in
            for id in [
                "a/b", "/", "100%", "%2F", "%", "a?b=c&d", "#", "..", "a\\b\"c", "a+b", ";",
                "~!@$^*()[]{}|", String(repeating: "/%", count: 64),
            ] {
                _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: id))
                let found = try await service.why(id)
                #expect(found["request_id"]?.string == id)
                #expect(found["inquiry"]?["request_id"]?.string == id)
                let other = String(("x" + id).prefix(128))
                _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: other))
                #expect(try await service.why(other)["inquiry"]?.isNull == true)
            }
        }
    }

    @Test func `an id that repeats gives the newest, and the ids of the others`() async throws {
        try await withService { service in
            for _ in 0..<2 {
                _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "same"))
            }
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "other"))
            _ = try await service.ask(Shop.doku.inquiry("99999", requestID: "same"))
            try await eventually {
                try await service.admin.get(path("same")).json()["count"]?.integer == 3
            }
            let found = try await service.why("same")
            #expect(found["inquiry"]?["id"]?.string == "4")
            #expect(found["answer"]?["guard"]?.string == "bin_unknown")
            #expect(found["others"]?.elements.compactMap(\.string) == ["2", "1"])
            #expect(found["refused"]?.elements.isEmpty == true)
        }
    }

    @Test func `a refused repeat is explained, and is listed with a later one`()
        async throws
    {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            for _ in 0..<2 {
                _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "same"))
            }
            _ = try await service.why("same", count: 2)
            try await service.tick()
            _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "same"))
            let forged = try await service.why("same", count: 3)
            #expect(forged["inquiry"]?.isNull == true)
            #expect(forged["bill"]?.isNull == true)
            #expect(forged["answer"]?["http_status"]?.integer == 401)
            #expect(forged["signature"]?["verdict"]?.string == "signature_wrong")
            #expect(forged["others"]?.elements.compactMap(\.string) == ["2", "1"])
            #expect(forged["refused"]?.elements.isEmpty == true)
            try await service.tick()
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "same"))
            let right = try await service.why("same", count: 4)
            #expect(right["inquiry"]?["id"]?.string == "3")
            #expect(right["answer"]?["http_status"]?.integer == 200)
            #expect(right["would_have_passed"]?.isNull == true)
            #expect(right["signature"]?.isNull == true)
            #expect(right["others"]?.elements.compactMap(\.string) == ["2", "1"])
            let refused = right["refused"]?.elements ?? []
            #expect(refused.map { $0["cause"]?.string } == ["signature_wrong"])
            #expect(refused.map { $0["kind"]?.string } == ["inquiry"])
            #expect(refused.allSatisfy { Moment(rfc3339: $0["received_at"]?.string ?? "") != nil })
        }
    }

    @Test func `a notification in quarantine counts among those with its id`() async throws {
        try await withTill { service in
            _ = try await service.ask(Till.inquirer.inquiry(Self.code, requestID: "same"))
            _ = try await service.why("same", count: 1)
            try await service.tick()
            let astray = Till.misdirected.notification(Till.notice().body, requestID: "same")
            #expect(try await service.ask(astray).status == 401)
            try await eventually {
                try await service.items("/admin/v1/quarantine").count == 1
            }
            let newest = try await service.why("same", count: 2)
            #expect(newest["inquiry"]?.isNull == true)
            #expect(newest["others"]?.elements.compactMap(\.string) == ["1"])
            #expect(newest["signature"]?["verdict"]?.string == "signature_wrong")
            try await service.tick()
            _ = try await service.ask(Till.inquirer.inquiry(Self.code, requestID: "same"))
            let later = try await service.why("same", count: 3)
            #expect(later["inquiry"]?["id"]?.string == "2")
            #expect(later["signature"]?.isNull == true)
            let kinds = later["refused"]?.elements.compactMap { $0["kind"]?.string }
            #expect(kinds == ["notification"])
        }
    }

    @Test func `an unknown id is answered 404 with where else to look`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try expectProblem(try await service.admin.get(path("unknown")), 404, "not_found")
            try expectProblem(
                try await service.admin.get(Self.list + "/%zz"), 404, "not_found")
            try expectProblem(
                try await service.admin.get(path("a") + "?limit=1"), 400, "unknown_parameter")
            _ = try await service.notify(Till.notice(), requestID: "paid")
            let answer = try await service.admin.get(path("paid"))
            try expectProblem(answer, 404, "not_found")
            #expect(answer.text.contains("/admin/v1/notifications/1"))
        }
    }

    @Test func `a key for one account sees that account alone`() async throws {
        try await withService { service in
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "ours"))
            _ = try await service.ask(Shop.neighboursDoku.inquiry("1", requestID: "theirs"))
            _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "forged"))
            var stranger = Shop.forger.inquiry(Self.code, requestID: "stranger")
            stranger.set("Client-Id", "MCH-9")
            _ = try await service.ask(stranger)
            var swapped = Shop.neighboursDoku.inquiry(Self.code, requestID: "swapped")
            swapped.set("Client-Id", Shop.clientID)
            _ = try await service.ask(swapped)
            for id in ["ours", "theirs", "forged", "stranger", "swapped"] {
                _ = try await service.why(id)
            }
            var ours = service.admin
            ours.key = try await service.keyForOneAccount(Shop.clientID)
            var theirs = service.admin
            theirs.key = try await service.keyForOneAccount(Shop.neighbourID)
            let table: [(String, Int, Int)] = [
                ("ours", 200, 404), ("theirs", 404, 200), ("forged", 200, 404),
                ("stranger", 404, 404), ("swapped", 200, 404),
            ]
            for (id, own, other) in table {
                #expect(try await ours.get(path(id)).status == own, "\(id)")
                #expect(try await theirs.get(path(id)).status == other, "\(id)")
            }
            // This key may not learn whose secret was used.
            #expect(try await !ours.get(path("swapped")).text.contains(Shop.neighbourID))
            #expect(try await service.admin.get(path("swapped")).text.contains(Shop.neighbourID))
            #expect(try await ours.get(Self.list).list("request_id").values == ["ours"])
            #expect(try await theirs.get(Self.list).list("request_id").values == ["theirs"])
            try expectProblem(
                try await ours.get(Self.list + "?account=\(Shop.neighbourID)"), 403,
                "account_forbidden")
        }
    }

    @Test func `the list is narrowed by each of its filters`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "a/1"))
            _ = try await service.ask(Shop.doku.inquiry("88965199999999", requestID: "b"))
            _ = try await service.ask(Shop.doku.inquiry("9", requestID: "c"))
            _ = try await service.ask(Shop.neighboursDoku.inquiry(Self.code, requestID: "d"))
            _ = try await service.why("d")
            let table: [(String, [String])] = [
                ("account=\(Shop.neighbourID)", ["d"]), ("code=\(Self.code)", ["d", "a/1"]),
                ("guard=bill_unknown", ["b"]), ("status=billing_not_found", ["d", "c", "b"]),
                ("status=billing_not_found&guard=payable", []), ("status=success", ["a/1"]),
                ("request_id=a%2F1", ["a/1"]), ("from=2020-01-01", ["d", "c", "b", "a/1"]),
                ("to=2020-01-01T00:00:00Z", []), ("from=2020-01-01&to=2999-01-01&code=9", ["c"]),
                ("from=2020-01-01&account=\(Shop.clientID)&status=success", ["a/1"]),
            ]
            for (query, expected) in table {
                let answer = try await service.admin.get(Self.list + "?" + query)
                #expect(try answer.list("request_id").values == expected, "\(query)")
            }
            for query in [
                "account=MCH-9", "guard=none", "status=none", "from=yesterday", "to=1",
                "cursor=before-x", "cursor=before-1-5", "from=2020-01-01&cursor=before-1",
                "limit=0",
            ] {
                try expectProblem(
                    try await service.admin.get(Self.list + "?" + query), 400, "invalid_parameter")
            }
            try expectProblem(
                try await service.admin.get(Self.list + "?bill=1"), 400, "unknown_parameter")
        }
    }

    @Test func `pages by time go on where the last one ended`() async throws {
        try await withService { service in
            for id in 0..<5 {
                _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "\(id)"))
            }
            _ = try await service.why("4")
            var seen: [String] = []
            var query: String? = "?from=2020-01-01&limit=2"
            while let next = query {
                let page = try await service.admin.get(Self.list + next).list("request_id")
                seen += page.values
                query = page.cursor.map { "?from=2020-01-01&limit=2&cursor=\($0)" }
            }
            #expect(seen == ["4", "3", "2", "1", "0"])
        }
    }
}
