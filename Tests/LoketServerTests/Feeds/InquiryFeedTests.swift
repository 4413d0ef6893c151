// The journal as a feed over the admin API: oldest first after an inquiry, and held until the next.

import DokuSimulator
import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

struct InquiryFeedTests {
    private static let path = "/admin/v1/inquiries"
    private static let code = "88965110000001"

    private func ask(_ id: String, _ service: RunningService) async throws {
        _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: id))
        let path = Self.path + "?request_id=\(id)"
        try await eventually { try await service.admin.get(path).list("id").values.count == 1 }
    }

    @Test func `inquiries after one are listed oldest first`() async throws {
        try await withService { service in
            for id in ["a", "b", "c"] { try await ask(id, service) }
            let all = try await service.admin.get(Self.path + "?after=0").list("request_id")
            let epoch = try service.store.epoch()
            #expect(all.values == ["a", "b", "c"] && all.cursor == "\(epoch)-3")
            let page = try await service.admin.get(Self.path + "?after=\(epoch)-1&limit=1")
            #expect(try page.list("request_id").values == ["b"])
            #expect(page.string("next_cursor") == "\(epoch)-2")
            #expect(try page.json()["has_more"]?.bool == true)
            let rest = try await service.admin.get(Self.path + "?after=\(epoch)-2&guard=paused")
            #expect(try rest.list("request_id").values.isEmpty)
            #expect(rest.string("next_cursor") == "\(epoch)-3")
            let end = try await service.admin.get(Self.path + "?after=end")
            #expect(try end.list("request_id").values.isEmpty)
            #expect(end.string("next_cursor") == "\(epoch)-3")
        }
    }

    @Test func `a waiting request is answered by the next inquiry, or by a stop`() async throws {
        try await withService { service in
            try await ask("a", service)
            let (client, epoch) = (service.admin, try service.store.epoch())
            let wait = Task { try await client.get(Self.path + "?after=end&wait=30") }
            try await eventually { service.store.journalSignal.waiting == 1 }
            try await ask("b", service)
            #expect(try await wait.value.list("request_id").values == ["b"])
            let last = Task { try await client.get(Self.path + "?after=\(epoch)-2&wait=30") }
            try await eventually { service.store.journalSignal.waiting == 1 }
            await service.stop()
            #expect(try await last.value.list("request_id").values.isEmpty)
        }
    }

    private static let wrong: [(query: String, status: Int, cause: String, said: String)] = [
        ("wait=5", 400, "invalid_parameter", "`wait` needs `after`"),
        ("after=0&cursor=before-5", 400, "invalid_parameter", "exclude each other"),
        ("after=x", 400, "invalid_parameter", "`after` must be a `next_cursor` of this feed"),
        ("after=7", 400, "invalid_parameter", "`after`"),
        ("after=-1", 400, "invalid_parameter", "`after`"),
        ("after=0&wait=60", 400, "invalid_parameter", "`wait`"),
        ("after=0&unpaid=true", 400, "invalid_parameter", "`unpaid=true` and `after` exclude"),
        ("after=0123456789abcdef-0", 410, "cursor_gone", "the database was restored"),
        ("after=EPOCH-7", 410, "cursor_gone", "`after=0`"),
    ]

    @Test func `a wrong position or wait is refused with what to write`() async throws {
        try await withService { service in
            let epoch = try service.store.epoch()
            for (query, status, cause, said) in Self.wrong {
                let query = query.replacing("EPOCH", with: epoch)
                let answer = try await service.admin.get(Self.path + "?" + query)
                try expectProblem(answer, status, cause)
                #expect(answer.string("detail")?.contains(said) == true, "\(answer.text)")
            }
        }
    }
}
