// What anyone who reaches the admin listener can read without a key, and what needs a key.

import Testing

struct OpenPagesTests {
    private static let reason = "fraud at the till of Bandung"
    private static let keyName = "night-shift"

    /// Pauses all accounts, and then a neighbour's, with a key that has a telling name.
    private func pauseAll(_ service: RunningService) async throws {
        let client = try await service.client(Self.keyName, scopes: ["write"])
        for account in ["null", "\"\(Shop.clientID)\"", "\"\(Shop.neighbourID)\""] {
            let answer = try await client.post(
                "/admin/v1/pause", #"{"reason":"\#(Self.reason)","account":\#(account)}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func `who paused what, and why, is shown only with a key`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try await pauseAll(service)
            _ = try await service.ask(Till.doku.inquiry(Till.code))
            _ = try await service.ask(Shop.forger.inquiry(Till.code))
            let stranger = AdminClient(port: service.adminPort)
            var texts: [String] = []
            for path in ["/ready", "/metrics"] {
                let answer = try await stranger.get(path)
                #expect(answer.status == 200)
                texts.append(answer.text)
            }
            for path in ["/admin/v1/pauses", "/admin/v1/keys", "/nowhere", "/ready?x=1"] {
                texts.append(try await stranger.get(path).text)
            }
            texts.append(
                try await service.ask(
                    .init(
                        method: "GET", target: "/health", headers: [], body: [])
                ).text)
            let secrets = [
                Self.reason, Self.keyName, "first", Shop.clientID, Shop.neighbourID, Till.code,
                "INV-1",
            ]
            for text in texts {
                for secret in secrets { #expect(!text.contains(secret), "\(secret): \(text)") }
            }
            let ready = try await stranger.get("/ready").json()
            #expect(ready["paused"]?.bool == true)
            #expect(ready["pauses"] == nil && ready["waiting"] == nil)
            #expect(ready["ready"]?.bool == true)
        }
    }

    @Test func `a key is shown the pauses that it may see`() async throws {
        try await withService { service in
            try await pauseAll(service)
            let all = try #require(try await service.admin.get("/ready").json()["pauses"]).elements
            #expect(all.count == 3)
            #expect(all.allSatisfy { $0["reason"]?.string == Self.reason })
            #expect(all.allSatisfy { $0["actor"]?.string == Self.keyName })

            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let own = try #require(try await shop.get("/ready").json()["pauses"]).elements
            #expect(own.count == 2)
            #expect(try await shop.get("/ready").json()["waiting"] == nil)
            let waiting = try await service.admin.get("/ready").json()["waiting"]
            #expect(waiting?["payments"]?.integer == 0)
            #expect(own.allSatisfy { $0["account"]?.string != Shop.neighbourID })
        }
    }

    @Test func `a key that is sent must be right, and other logins do not count`() async throws {
        try await withService { service in
            let wrong = AdminClient(port: service.adminPort, key: "wrong")
            try expectProblem(try await wrong.get("/ready"), 401, "key_missing")
            let writer = try await service.client("writer", scopes: ["write"])
            try expectProblem(try await writer.get("/ready"), 403, "scope_missing")
            let proxied = try await service.admin.send(
                "GET", "/ready", body: nil, authorization: ["Basic YTpi"])
            #expect(proxied.status == 200)
            #expect(!proxied.text.contains(#""pauses""#))
        }
    }
}
