// `If-Match` of an edit (RFC 9110 §13.1.1): a list of quoted tags, or a star, which matches any
// state of the bill, even a state that a concurrent edit is just creating.

import Testing

struct IfMatchTests {
    @Test(arguments: [
        ("TAG", 200), (" TAG ", 200), ("TAG,\"x\"", 200), ("TAG , \"x\"", 200),
        ("\"x\",TAG", 200), ("\"x\",\tTAG", 200), ("\"x\",  TAG", 200), (",TAG,,", 200),
        ("W/\"x\", TAG", 200), ("*", 200), (" * ", 200),
        ("W/TAG", 412), ("\"x\"", 412), ("\"a,*,b\"", 412), ("\"x\", *", 412), ("*, TAG", 412),
        ("TAG\"y\"", 412), ("x", 412), ("TAG x", 412), ("", 412), ("\"", 412),
    ])
    func `a tag matches only as a whole`(_ header: String, status: Int) async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let tag = try #require(try await service.admin.tag("/admin/v1/bills/1"))
            let answer = try await service.edit(
                #"{"amount":7}"#, tag: header.replacing("TAG", with: tag))
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test func `a star matches despite concurrent edits`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { edits in
                for number in 1...24 {
                    edits.addTask {
                        try await service.edit(#"{"metadata":{"n\#(number)":1}}"#).status
                    }
                }
                return try await edits.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
            // Each edit was merged into the result of the edit before.
            #expect(try await service.bill()["metadata"]?.members.count == 24)
        }
    }
}
