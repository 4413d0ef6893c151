// The kill switch: declines inquiries at once, for one account or all, also after a restart.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct PauseTests {
    private static let code = "88965110000001"
    private static let neighboursCode = "77777000001"

    private func fill(_ service: RunningService) throws {
        let ids = try service.store.registerAccounts([Shop.clientID, Shop.neighbourID])
        try service.seed([.sample(Self.code, "INV-1")])
        try service.store.seed(
            [.sample(Self.neighboursCode, "N-1")],
            accountID: try #require(ids[Shop.neighbourID]), state: .open, now: .now)
    }

    /// The status of the answer of each account.
    private func answers(_ service: RunningService) async throws -> [Int] {
        let own = try await service.ask(Shop.doku.inquiry(Self.code))
        let neighbours = try await service.ask(
            Shop.neighboursDoku.inquiry(Self.neighboursCode))
        return [own.status, neighbours.status]
    }

    @Test func `a pause declines and a resume ends it`() async throws {
        try await withService { service in
            try fill(service)
            #expect(try await answers(service) == [200, 200])
            let paused = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"stock-taking"}"#)
            #expect(paused.status == 200)
            let pause = try #require(try paused.json()["pauses"]?.elements.first)
            #expect(pause["reason"]?.string == "stock-taking")
            #expect(pause["account"]?.isNull == true)
            #expect(pause["actor"]?.string == "first")
            #expect(try await answers(service) == [400, 400])
            let ready = try await service.admin.get("/ready")
            #expect(ready.status == 200)
            #expect(try ready.json()["paused"]?.bool == true)

            let resumed = try await service.admin.post("/admin/v1/resume", "{}")
            #expect(resumed.status == 200)
            #expect(try resumed.json()["pauses"]?.elements.isEmpty == true)
            let ended = try resumed.json()["resumed"]
            #expect(ended?["reason"]?.string == "stock-taking")
            #expect(ended?["paused_at"]?.string == pause["paused_at"]?.string)
            #expect(try await answers(service) == [200, 200])
        }
    }

    @Test func `a pause of one account leaves the other alone`() async throws {
        try await withService { service in
            try fill(service)
            let body = #"{"reason":"x","account":"\#(Shop.neighbourID)"}"#
            #expect(try await service.admin.post("/admin/v1/pause", body).status == 200)
            #expect(try await answers(service) == [200, 400])
            // Resuming all accounts ends only a pause of all accounts; here one account is paused.
            let nothing = try await service.admin.post("/admin/v1/resume", "{}")
            #expect(try nothing.json()["resumed"]?.isNull == true)
            #expect(try await answers(service) == [200, 400])
            let one = #"{"account":"\#(Shop.neighbourID)"}"#
            #expect(try await service.admin.post("/admin/v1/resume", one).status == 200)
            #expect(try await answers(service) == [200, 200])
        }
    }

    @Test func `a pause survives a restart`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                try fill(service)
                let body = #"{"reason":"x","account":"\#(Shop.clientID)"}"#
                #expect(try await service.admin.post("/admin/v1/pause", body).status == 200)
            }
            try await withService(in: folder) { service in
                let heard = try await answers(service)
                #expect(heard == [400, 200])
            }
        }
    }

    private static let wrong: [(String, String, Int, String)] = [
        ("pause", "{}", 422, "invalid_value"),
        ("pause", #"{"reason":""}"#, 422, "invalid_value"),
        ("pause", #"{"reason":1}"#, 422, "invalid_value"),
        ("pause", #"{"reason":"x","account":"MCH-9"}"#, 422, "invalid_value"),
        ("pause", #"{"reason":"x","account":7}"#, 422, "invalid_value"),
        ("pause", #"{"reason":"x","all":true}"#, 400, "unknown_field"),
        ("pause", "[]", 422, "invalid_value"),
        ("resume", #"{"reason":""}"#, 422, "invalid_value"),
        ("resume", #"{"all":true}"#, 400, "unknown_field"),
        ("resume", #"{"accept_risk":1}"#, 422, "invalid_value"),
        ("resume", #"{"accept_risk":true,"account":"\#(Shop.clientID)"}"#, 422, "invalid_value"),
        ("resume", #"{"account":"MCH-9"}"#, 422, "invalid_value"),
        ("resume", "{", 400, "malformed_json"),
        ("resume", #"["MCH-9"]"#, 422, "invalid_value"),
        ("resume", #""MCH-9""#, 422, "invalid_value"),
    ]

    @Test(arguments: wrong)
    func `a wrong request neither pauses nor resumes`(
        route: String, body: String, status: Int, cause: String
    ) async throws {
        try await withService { service in
            if route == "resume" {
                let paused = try await service.admin.post(
                    "/admin/v1/pause", #"{"reason":"stay"}"#)
                #expect(paused.status == 200)
            }
            let answer = try await service.admin.post("/admin/v1/" + route, body)
            try expectProblem(answer, status, cause)
            #expect(try service.store.pauses().map(\.reason) == (route == "pause" ? [] : ["stay"]))
        }
    }
}
