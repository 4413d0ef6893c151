// Removing the customer from a closed bill over the admin API.

import LoketCore
import LoketStore
import Testing

struct ForgetBillTests {
    private static let path = "/admin/v1/bills/1"

    private static func full() throws -> BillDraft {
        try .sample("88965110000001", "INV-1") {
            $0.customerEmail = "anton@example.com"
            $0.info = "School fee"
            $0.metadata = #"{"class":"7B"}"#
        }
    }

    @Test(arguments: [Bill.State.paid, .cancelled, .replaced])
    func `a closed bill's customer is forgotten, once`(state: Bill.State) async throws {
        try await withService { service in
            try service.seed([Self.full()], state: state)
            let tag = try await service.admin.tag(Self.path)
            let answer = try await service.admin.post(Self.path + "/forget", "{}")
            #expect(answer.status == 200, "\(answer.text)")
            let bill = try answer.json()
            #expect(bill["customer"]?["name"]?.string == "forgotten")
            #expect(bill["customer"]?["email"]?.isNull == true)
            #expect(bill["info"]?.isNull == true && bill["metadata"]?.isNull == true)
            #expect(bill["state"]?.string == state.rawValue)
            #expect(bill["invoice_number"]?.string == "INV-1")
            #expect(bill["history"]?.elements.last?["change"]?.string == "forgotten")
            #expect(bill["history"]?.elements.last?["actor"]?.string == "first")
            for word in ["Anton", "anton", "School", "7B"] { #expect(!answer.text.contains(word)) }
            #expect(try await service.admin.tag(Self.path) != tag)

            let again = try await service.admin.post(Self.path + "/forget", "{}")
            #expect(again.status == 200 && again.text == answer.text)
            let events = try await service.admin.get("/admin/v1/events").list("type")
            #expect(events.values == ["bill.changed"])
        }
    }

    @Test(arguments: [Bill.State.open, .held])
    func `a bill that is not closed is not forgotten`(state: Bill.State) async throws {
        try await withService { service in
            try service.seed([Self.full()], state: state)
            let answer = try await service.admin.post(Self.path + "/forget", "{}")
            try expectProblem(answer, 409, "bill_open")
            #expect(try await service.admin.get(Self.path).text.contains("Anton Budiman"))
        }
    }

    @Test func `a wrong request to forget changes nothing`() async throws {
        try await withService { service in
            try service.seed([Self.full()], state: .paid)
            for (body, status, cause) in [
                (#"{"reason":"x"}"#, 400, "unknown_field"), ("[]", 422, "invalid_value"),
                ("{", 400, "malformed_json"),
            ] {
                let answer = try await service.admin.post(Self.path + "/forget", body)
                try expectProblem(answer, status, cause)
            }
            try expectProblem(
                try await service.admin.post("/admin/v1/bills/2/forget", "{}"), 404, "not_found")
            try expectProblem(
                try await service.admin.post(Self.path + "/forget?x=1", "{}"), 400,
                "unknown_parameter")
            #expect(try await service.admin.get(Self.path).text.contains("Anton Budiman"))
        }
    }
}
