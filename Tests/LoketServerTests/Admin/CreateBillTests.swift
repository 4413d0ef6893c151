// Creating bills: one, many, the same bill again, and with a number or a code that is in use.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct CreateBillTests {
    private static let path = "/admin/v1/bills"

    @Test func `one bill is created and answered as it is stored`() async throws {
        try await withService { service in
            let body = BillJSON().with("expires_at", "\"2099-01-02T03:04:05+07:00\"")
                .with("customer", #"{"name":"Anton","email":"a@example.com"}"#)
                .with("info", "\"Thank you\"").with("reusable", "true")
            let answer = try await service.admin.post(Self.path, body.text)
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer.type == "application/json")
            let bill = try answer.json()
            #expect(bill["id"]?.string == "1")
            #expect(bill["account"]?.string == Shop.clientID)
            #expect(bill["payment_code"]?.string == "88965110000001")
            #expect(bill["invoice_number"]?.string == "INV-1")
            #expect(bill["amount"]?.integer == 150_000)
            #expect(bill["reusable"]?.bool == true)
            #expect(bill["state"]?.string == "open")
            #expect(bill["expired"]?.bool == false)
            #expect(bill["expires_at"]?.string == "2099-01-01T20:04:05Z")
            #expect(bill["customer"]?["email"]?.string == "a@example.com")
            #expect(bill["info"]?.string == "Thank you")
            #expect(bill["metadata"]?.isNull == true)
        }
    }

    @Test func `an array of at most a thousand bills is created as a whole`() async throws {
        try await withService { service in
            func array(_ count: Int) -> String {
                let bills = (0..<count).map {
                    BillJSON("889651\(10_000_000 + $0)", "INV-\($0)").text
                }
                return "[" + bills.joined(separator: ",") + "]"
            }
            let tooMany = try await service.admin.post(Self.path, array(1001))
            try expectProblem(tooMany, 422, "invalid_value")
            #expect(try await service.billCount == 0)
            try expectProblem(
                try await service.admin.post(Self.path, "[]"), 422, "invalid_value")

            let answer = try await service.admin.post(Self.path, array(1000))
            #expect(answer.status == 201)
            let numbers = try answer.list("invoice_number").values
            #expect(numbers == (0..<1000).map { "INV-\($0)" })
            #expect(try await service.billCount == 1000)
        }
    }

    @Test func `one wrong bill among a thousand is named and none is created`() async throws {
        try await withService { service in
            let bills = (0..<1000).map { number in
                let bill = BillJSON("889651\(10_000_000 + number)", "INV-\(number)")
                return (number == 517 ? bill.with("amount", "0") : bill).text
            }
            let answer = try await service.admin.post(
                Self.path, "[" + bills.joined(separator: ",") + "]")
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/517/amount"])
            #expect(try await service.billCount == 0)
        }
    }

    @Test func `one conflict among many is named and none is created`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000009", "INV-9")])
            let bills = (0..<20).map { number in
                BillJSON("889651\(10_000_000 + number)", "INV-A\(number)").text
            }
            let answer = try await service.admin.post(
                Self.path, "[" + bills.joined(separator: ",") + "]")
            try expectProblem(answer, 409, "code_taken")
            #expect(answer.pointers == ["/9/payment_code"])
            #expect(try await service.billCount == 1)
        }
    }

    @Test func `the same bill again is accepted, another with its number is refused`() async throws
    {
        try await withService { service in
            let bill = BillJSON().with("metadata", #"{"a": [1, 2]}"#)
            let first = try await service.admin.post(Self.path, bill.text)
            #expect(first.status == 201)
            let again = try await service.admin.post(Self.path, bill.text)
            #expect(again.status == 200)
            #expect(again.string("id") == first.string("id"))

            for (name, json) in [
                ("amount", "150001"), ("payment_code", "\"88965110000002\""),
                ("reusable", "true"), ("info", "\"x\""), ("metadata", "{}"),
                ("customer", #"{"name":"Other"}"#), ("expires_at", "\"2099-01-01\""),
            ] {
                let other = try await service.admin.post(Self.path, bill.with(name, json).text)
                try expectProblem(other, 409, "invoice_number_taken")
                #expect(other.pointers == ["/invoice_number"])
            }
            #expect(try await service.billCount == 1)
        }
    }

    @Test func `a code belongs to one open bill until the bill is cancelled`() async throws {
        try await withService { service in
            #expect(try await service.admin.post(Self.path, BillJSON().text).status == 201)
            let second = BillJSON("88965110000001", "INV-2").text
            let taken = try await service.admin.post(Self.path, second)
            try expectProblem(taken, 409, "code_taken")
            #expect(taken.pointers == ["/payment_code"])
            #expect(try await service.admin.post(Self.path + "/1/cancel", "{}").status == 200)
            #expect(try await service.admin.post(Self.path, second).status == 201)
            let answer = try await service.ask(Shop.doku.inquiry("88965110000001"))
            #expect(answer.text.contains("\"INV-2\""))
        }
    }

    @Test func `an expired bill gives up its code`() async throws {
        try await withService { service in
            try service.seed([
                .sample("88965110000001", "INV-1") { $0.expiresAt = Moment(seconds: 1000) }
            ])
            let answer = try await service.admin.post(
                Self.path, BillJSON("88965110000001", "INV-2").text)
            #expect(answer.status == 201)
            let old = try await service.admin.get(Self.path + "/1")
            #expect(old.string("state") == "replaced")
        }
    }

    @Test func `a number that looks like another bill's suffixed number is refused`() async throws {
        try await withService { service in
            let bill = BillJSON("88965110000001", "TOPUP").with("reusable", "true")
            #expect(try await service.admin.post(Self.path, bill.text).status == 201)
            let like = BillJSON("88965110000002", "TOPUP-0123456789")
            let answer = try await service.admin.post(Self.path, like.text)
            try expectProblem(answer, 409, "invoice_number_ambiguous")
            let unlike = BillJSON("88965110000002", "TOPUP-0123456789A")
            #expect(try await service.admin.post(Self.path, unlike.text).status == 201)
        }
    }
}

extension RunningService {
    var billCount: Int {
        get async throws {
            try await store.bills(.init(), limit: 100_000).records.count
        }
    }
}
