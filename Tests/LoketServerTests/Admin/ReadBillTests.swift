// Bills by their id and in lists: history, filters, pages.

import LoketCore
import LoketStore
import TestSupport
import Testing

struct ReadBillTests {
    private static let path = "/admin/v1/bills"

    @Test func `a bill is shown with its history`() async throws {
        try await withService { service in
            let admin = service.admin
            #expect(try await admin.post(Self.path, BillJSON().text).status == 201)
            let before = try await admin.get(Self.path + "/1").json()
            #expect(before["history"]?.elements.count == 1)
            _ = try await admin.post(Self.path + "/1/cancel", #"{"reason":"moved"}"#)
            let after = try await admin.get(Self.path + "/1").json()
            let changes = try #require(after["history"]).elements
            #expect(changes.map { $0["change"]?.string } == ["created", "cancelled"])
            #expect(changes.map { $0["actor"]?.string } == ["first", "first"])
            #expect(changes.map { $0["detail"]?.string } == [nil, "moved"])
            #expect(changes.first?["at"]?.string == after["created_at"]?.string)
            #expect(after["created_by"]?.string == "first")
            #expect(after["import_id"]?.isNull == true)
            #expect(after["state"]?.string == "cancelled")
            #expect(after["cancel_reason"]?.string == "moved")
        }
    }

    @Test func `an unknown bill is not found`() async throws {
        try await withService { service in
            for id in ["1", "0", "-1", "x", "1.0", "99999999999999999999", "%2e", "1%20"] {
                try expectProblem(
                    try await service.admin.get(Self.path + "/" + id), 404, "not_found")
            }
        }
    }

    @Test func `metadata is returned as it was sent and is not in answers to DOKU`() async throws {
        try await withService { service in
            let metadata = #"{"a":["é",null,{"deep":"\"q\""}],"e":{},"z":1.50}"#
            let bill = BillJSON().with("metadata", metadata)
            #expect(try await service.admin.post(Self.path, bill.text).status == 201)
            let shown = try await service.admin.get(Self.path + "/1")
            #expect(shown.text.contains("\"metadata\":" + metadata))
            let answer = try await service.ask(Shop.doku.inquiry("88965110000001"))
            #expect(answer.status == 200)
            #expect(!answer.text.contains("metadata"))
            #expect(!answer.text.contains("deep"))
        }
    }

    @Test func `a list is paged by its cursor, newest first, and misses no bill`() async throws {
        try await withService { service in
            try service.seed(
                (0..<7).map { try .sample("8896511000000\($0)", "INV-\($0)") })
            var seen: [String] = []
            var cursor: String?
            repeat {
                let suffix = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await service.admin.get(Self.path + "?limit=3" + suffix)
                    .list("invoice_number")
                #expect(page.values.count <= 3)
                seen += page.values
                cursor = page.cursor
            } while cursor != nil
            #expect(seen == (0..<7).reversed().map { "INV-\($0)" })

            let whole = try await service.admin.get(Self.path).list("id")
            #expect(whole.values.count == 7)
            #expect(whole.cursor == nil)
        }
    }

    @Test func `a damaged bill is listed with the others, and no page stops at it`() async throws {
        try await withService { service in
            try service.seed(
                (1...4).map { try .sample("8896511000000\($0)", "INV-\($0)") })
            let sound = try await service.admin.get(Self.path).json()
            #expect(sound["damaged"]?.elements.isEmpty == true)
            try ForeignHand.damage(
                service.folder.file("loket.db"), "UPDATE bill SET amount = 950000 WHERE id = 3")
            for limit in [1, 2, 100] {
                var seen: [String] = []
                var damaged: [String] = []
                var cursor: String?
                repeat {
                    let suffix = cursor.map { "&cursor=\($0)" } ?? ""
                    let answer = try await service.admin.get(
                        Self.path + "?limit=\(limit)" + suffix)
                    #expect(answer.status == 200, "\(answer.text)")
                    let page = try answer.list("id")
                    seen += page.values
                    damaged += (try answer.json()["damaged"]?.elements ?? []).compactMap(\.string)
                    cursor = page.cursor
                } while cursor != nil
                #expect(seen == ["4", "2", "1"] && damaged == ["3"], "\(limit) on a page")
            }
            #expect(service.log.text.contains("error bill 3 is damaged"))
            try expectProblem(
                try await service.admin.get(Self.path + "/3"), 500, "bill_damaged")
        }
    }

    @Test func `a page is a hundred items unless another number is asked for`() async throws {
        try await withService { service in
            try service.seed(
                (0..<1001).map { try .sample("889651\(10_000_000 + $0)", "INV-\($0)") })
            for (query, count) in [("", 100), ("?limit=1000", 1000), ("?limit=1", 1)] {
                let page = try await service.admin.get(Self.path + query).list("id")
                #expect(page.values.count == count)
                #expect(page.cursor != nil)
            }
        }
    }

    @Test func `a list is filtered by a code or a number`() async throws {
        try await withService { service in
            try service.seed(
                [.sample("88965110000001", "OLD-1"), .sample("88965110000001", "OLD-2")],
                state: .paid)
            try service.seed([
                .sample("88965110000001", "NEW"), .sample("88965110000002", "OTHER"),
            ])
            for (query, expected) in [
                ("payment_code=88965110000001", ["NEW", "OLD-2", "OLD-1"]),
                ("payment_code=88965110000003", []),
                ("invoice_number=OTHER", ["OTHER"]),
                ("invoice_number=OLD-1&payment_code=88965110000001", ["OLD-1"]),
                ("invoice_number=OLD-1&payment_code=88965110000002", []),
            ] {
                let page = try await service.admin.get(Self.path + "?" + query)
                    .list("invoice_number")
                #expect(page.values == expected, "\(query)")
            }
        }
    }
}
