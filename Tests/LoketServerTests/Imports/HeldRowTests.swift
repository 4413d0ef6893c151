// Rows whose money was received first: their bills are created or reopened as held, and the report
// names each bill with its payment.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct HeldRowTests {
    private static let file =
        ImportCase.head
        + (1...4).map { "8896511000000\($0),INV-\($0),150000,Anton Budiman\n" }.joined()

    @Test func `bills whose money came first are created held and reported`() async throws {
        try await withTill { service in
            // An expired bill has the code of one row, which is then imported in another way.
            let draft = try BillDraft.sample("88965110000004", "OLD") {
                $0.expiresAt = Moment.now.adding(milliseconds: -1000)
            }
            let past = Moment.now.adding(milliseconds: -5000)
            _ = try await service.store.create(
                [NewBill(accountID: 1, draft: draft)], actor: nil, now: past)
            try await service.pay(Till.notice("INV-2", code: "88965110000002"))
            try await service.pay(Till.notice("OTHER", code: "88965110000003"))
            try await service.pay(Till.notice("INV-4-0123456789", code: "88965110000009"))
            let report = try await service.importText(Self.file)
            #expect(
                report.summary
                    == "applied: 4 rows, 4 new, 4 applied created, 3 applied held")
            #expect(
                report.notes
                    == (2...4).map {
                        "\($0 + 1) held INV-\($0): unmatched money arrived before the bill: "
                            + "resolve payment \($0 - 1)"
                    })
            #expect(
                try await service.events().suffix(4) == [
                    "bill.held", "bill.held", "bill.held", "import.applied",
                ])
            let held = try await service.items("/admin/v1/bills?state=held").map {
                $0["invoice_number"]?.string
            }
            #expect(held == ["INV-4", "INV-3", "INV-2"])
            // The same file again changes nothing, and an undo leaves these bills to the operator.
            #expect(
                try await service.importText(Self.file).summary
                    == "applied: 4 rows, 4 unchanged")
            let undone = try await service.undo(report.id)
            #expect(undone.summary.hasSuffix("1 undone cancelled, 3 undone kept"))
            #expect(undone.notes.last == "kept INV-4: is held")
        }
    }

    @Test func `an undone bill whose money came meanwhile is reopened as held`() async throws {
        try await withTill { service in
            let made = try await service.importText(Self.file)
            _ = try await service.undo(made.id)
            try await service.pay(Till.notice("OTHER", code: "88965110000003"))
            let report = try await service.importText(Self.file)
            #expect(
                report.summary
                    == "applied: 4 rows, 4 changed, 4 applied changed, 1 applied held")
            #expect(try await service.state("3") == "held")
            let history = try await service.bill("3")["history"]?.elements ?? []
            #expect(history.last?["change"]?.string == "held")
            #expect(history.last?["payment_id"]?.string == "1")
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            #expect(try await service.state("3") == "open")
        }
    }

    @Test func `a reusable bill is created open, and undone like any other`() async throws {
        try await withTill { service in
            try await service.pay(Till.notice("INV-1-0123456789", code: "88965110000001"))
            let report = try await service.importText(
                "payment_code,invoice_number,amount,customer_name,reusable\n"
                    + "88965110000001,INV-1,150000,Anton Budiman,yes\n")
            #expect(
                report.text == "applied: 1 rows, 1 new, 1 applied created\n"
                    + "2 flagged INV-1: unmatched money arrived before the bill: resolve payment 1")
            #expect(try await service.state("1") == "open")
            #expect(
                try await service.undo(report.id).summary.hasSuffix("1 undone cancelled"))
        }
    }
}
