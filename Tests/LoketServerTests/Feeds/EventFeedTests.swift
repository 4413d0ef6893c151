// The feed of events over the admin API: by type, from now on, and held until there is one.

import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

struct EventFeedTests {
    private static let path = "/admin/v1/events"

    /// Asks in the background, and returns once the request waits.
    private func waiting(
        _ query: String, _ service: RunningService, by client: AdminClient? = nil
    ) async throws -> Task<AdminAnswer, any Error> {
        let client = client ?? service.admin
        let before = service.store.eventSignal.waiting
        let task = Task { try await client.get(Self.path + query) }
        try await eventually { service.store.eventSignal.waiting > before }
        return task
    }

    /// The query for the events from now on.
    private func end(_ service: RunningService) async throws -> String {
        let answer = try await service.admin.get(Self.path + "?after=end")
        return "?after=" + (try #require(answer.string("next_cursor")))
    }

    private func types(_ answer: AdminAnswer) throws -> [String] {
        try #require(try answer.json()["items"]).elements.compactMap { $0["type"]?.string }
    }

    @Test func `types selects events, and the cursor is after those left out`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice("INV-2", amount: 7, code: Till.otherCode))
            let all = try await service.admin.get(Self.path)
            #expect(try types(all) == ["payment.settled", "bill.held", "payment.flagged"])
            let some = try await service.admin.get(
                Self.path + "?types=payment.settled,payment.flagged")
            #expect(try types(some) == ["payment.settled", "payment.flagged"])
            let none = try await service.admin.get(Self.path + "?types=import.applied")
            #expect(try types(none).isEmpty)
            #expect(try none.json()["has_more"]?.bool == false)
            #expect(none.string("next_cursor") == all.string("next_cursor"))
            let end = try await service.admin.get(Self.path + "?after=end")
            #expect(try types(end).isEmpty)
            #expect(end.string("next_cursor") == all.string("next_cursor"))
        }
    }

    private static let wrong: [(query: String, said: [String])] = [
        ("types=payment.setled", ["`payment.setled`", "Did you mean `payment.settled`?"]),
        ("types=nothing", ["`nothing`", "with a comma between them: bill.created, "]),
        ("types=", ["`types`"]), ("types=bill.created,", ["`types`"]),
        ("types=bill.created,%20bill.held", ["` bill.held`"]),
        ("wait=31", ["`wait`", "from 0 to 30"]), ("wait=-1", ["`wait`"]),
        ("wait=1.5", ["`wait`"]), ("wait=", ["`wait`"]), ("after=now", ["`end`"]),
    ]

    @Test func `a wrong value is refused with the parameter and what to write`() async throws {
        try await withService { service in
            for (query, said) in Self.wrong {
                let answer = try await service.admin.get(Self.path + "?" + query)
                try expectProblem(answer, 400, "invalid_parameter")
                for text in said {
                    #expect(answer.string("detail")?.contains(text) == true, "\(answer.text)")
                }
            }
        }
    }

    @Test func `a waiting request is answered by the commit of an event of its types`()
        async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let end = try await end(service)
            let late = try await waiting("\(end)&wait=30&types=attention.raised", service)
            let answer = try await waiting("\(end)&wait=30&types=payment.settled", service)
            // Commits that bring no such event.
            _ = try await service.client("till", scopes: ["read"])
            try await service.pay(Till.notice())
            #expect(try types(try await answer.value) == ["payment.settled"])
            try await eventually { service.store.eventSignal.waiting == 1 }
            _ = try await service.notify(Till.notice(amount: 8) { $0.status = "REFUNDED" })
            #expect(try types(try await late.value) == ["attention.raised"])
        }
    }

    @Test func `an event that is there is not waited for`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            let answer = try await service.admin.get(Self.path + "?wait=30")
            #expect(try types(answer) == ["payment.settled"])
        }
    }

    @Test func `a wait without an event ends with an empty page`() async throws {
        try await withService { service in
            let answer = try await service.admin.get(Self.path + "?wait=1")
            #expect(try types(answer).isEmpty)
            #expect(answer.string("next_cursor")?.hasSuffix("-0") == true)
        }
    }

    @Test func `waiting requests hold no connection of the database`() async throws {
        try await withService { service in
            // More than the readers of the pool, fewer than the connections of the client.
            var waits: [Task<AdminAnswer, any Error>] = []
            for _ in 0..<6 { waits.append(try await waiting("?wait=30", service)) }
            #expect(try await service.admin.get("/admin/v1/bills").status == 200)
            try await service.create()
            for wait in waits { #expect(try types(try await wait.value) == ["bill.created"]) }
        }
    }

    @Test(arguments: [false, true])
    func `a wait ends when its client leaves`(isHalfClosed: Bool) async throws {
        try await withService { service in
            let request = service.head("GET", Self.path + "?wait=30", key: service.adminKey)
            let connection = try await service.begin(request + "\r\n")
            try await eventually { service.store.eventSignal.waiting == 1 }
            if isHalfClosed { try await connection.halfClose() } else { await connection.close() }
            try await eventually { service.store.eventSignal.waiting == 0 }
            if isHalfClosed { #expect(try await connection.answer().status == 200) }
        }
    }

    @Test func `a stop of the service ends a wait with an answer`() async throws {
        try await withService { service in
            let wait = try await waiting("?wait=30", service)
            await service.stop()
            let answer = try await wait.value
            #expect(answer.status == 200)
            #expect(try types(answer).isEmpty)
        }
    }

    @Test func `a waiting request of one account does not see the events of another`() async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let neighbour = try await service.client(
                "neighbour", scopes: ["read"], account: Shop.neighbourID)
            let wait = try await waiting("\(try await end(service))&wait=2", service, by: neighbour)
            try await service.pay(Till.notice())
            #expect(try types(try await wait.value).isEmpty)
        }
    }
}

extension RunningService {
    /// Creates a bill over the API, which is an event.
    fileprivate func create() async throws {
        let answer = try await admin.post(
            "/admin/v1/bills",
            """
            {"payment_code":"88965110000009","invoice_number":"INV-9","amount":150000,
             "customer":{"name":"Anton Budiman"}}
            """)
        #expect(answer.status == 201, "\(answer.text)")
    }
}
