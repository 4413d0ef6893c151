// The history of pauses: who paused, when and why; and what goes on during a pause.

import LoketCore
import LoketStore
import Testing

struct PauseHistoryTests {
    private static let path = "/admin/v1/pauses"

    private func change(
        _ service: RunningService, _ route: String, _ body: String
    ) async throws {
        let answer = try await service.admin.post("/admin/v1/" + route, body)
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test func `a second pause replaces the reason, and the history has both`() async throws {
        try await withService { service in
            try await change(service, "pause", #"{"reason":"flood"}"#)
            try await change(service, "pause", #"{"reason":"fire"}"#)
            try await change(
                service, "pause", #"{"reason":"one","account":"\#(Shop.clientID)"}"#)
            try await change(service, "resume", #"{"reason":"over"}"#)
            try await change(service, "resume", #"{"reason":"again"}"#)
            let body = try await service.admin.get(Self.path).json()
            let pauses = try #require(body["pauses"]).elements
            #expect(pauses.map { $0["reason"]?.string } == ["one"])
            #expect(pauses.first?["account"]?.string == Shop.clientID)
            let history = try #require(body["history"]).elements
            #expect(
                history.map { $0["change"]?.string } == ["resumed", "paused", "paused", "paused"])
            #expect(history.map { $0["reason"]?.string } == ["over", "one", "fire", "flood"])
            #expect(history.map { $0["actor"]?.string } == Array(repeating: "first", count: 4))
            #expect(history.map { $0["account"]?.string } == [nil, Shop.clientID, nil, nil])
            #expect(history.allSatisfy { $0["at"]?.string != nil })
            try expectProblem(
                try await service.admin.get(Self.path + "?x=1"), 400, "unknown_parameter")
        }
    }

    @Test func `/ready reports every pause and stays ready`() async throws {
        try await withService { service in
            let before = try await service.admin.get("/ready").json()
            #expect(before["paused"]?.bool == false)
            #expect(before["pauses"]?.elements.isEmpty == true)
            try await change(service, "pause", #"{"reason":"flood"}"#)
            let answer = try await service.admin.get("/ready")
            #expect(answer.status == 200)
            let pause = try #require(try answer.json()["pauses"]?.elements.first)
            #expect(pause["reason"]?.string == "flood")
            #expect(pause["actor"]?.string == "first")
            #expect(pause["account"]?.isNull == true)
            #expect(pause["paused_at"]?.string != nil)
        }
    }

    @Test func `notifications are accepted while everything is paused`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await change(service, "pause", #"{"reason":"flood"}"#)
            try await service.pay(Till.notice())
            #expect(try await service.state() == "paid")
        }
    }

    @Test func `a resume without a pause leaves no trace`() async throws {
        try await withService { service in
            try await change(service, "resume", "{}")
            try await change(service, "resume", #"{"account":"\#(Shop.clientID)"}"#)
            // Nothing was restored, so there is no risk to accept.
            try await change(service, "resume", #"{"accept_risk":true}"#)
            let body = try await service.admin.get(Self.path).json()
            #expect(body["history"]?.elements.isEmpty == true)
        }
    }
}
