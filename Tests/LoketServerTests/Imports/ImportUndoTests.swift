// Undoing an import: created bills are cancelled and changed bills restored, except those that were
// paid, held or edited since; a later row reopens an undone bill.

import DokuSimulator
import Testing

struct ImportUndoTests {
    private static let head =
        "payment_code,invoice_number,amount,expires_at,customer_name,customer_email,info\n"
    private static let first = head + "88965110000001,INV-1,150000,2099-12-31,Anton,a@b.id,SPP\n"
    private static let bill =
        #"INV-1 88965110000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T16:59:59Z"#
    private static let three =
        head + (1...3).map { "8896511000000\($0),INV-\($0),150000,,Anton,,\n" }.joined()

    @Test func `bills that the import created are cancelled`() async throws {
        try await withService { service in
            let made = try await service.importText(Self.three)
            let undone = try await service.undo(made.id)
            #expect(
                undone.text == "undone: 3 rows, 3 new, 3 applied created, 3 undone cancelled")
            #expect(
                try await service.billLines()
                    == (1...3).map {
                        "INV-\($0) 8896511000000\($0) 150000 \"Anton\" cancelled import_undone"
                    })
            #expect(try await service.events() == ["import.applied", "import.undone"])
            let history = try await service.bill()["history"]?.elements ?? []
            #expect(history.last?["change"]?.string == "cancelled")
            #expect(history.last?["detail"]?.string == "import_undone")
        }
    }

    @Test func `bills that the import changed are restored`() async throws {
        try await withService { service in
            _ = try await service.importText(Self.first)
            let body = BillJSON("88965110000002", "INV-2").with("metadata", #"{"a":1}"#).text
            #expect(try await service.admin.post("/admin/v1/bills", body).status == 201)
            let before = try await service.billLines()
            let changed = try await service.importText(
                Self.head + "88965110000001,INV-1,7,,Budi,,\n"
                    + "88965110000002,INV-2,8,2099-01-01,Cici,c@d,x\n")
            #expect(changed.summary == "applied: 2 rows, 2 changed, 2 applied changed")
            let undone = try await service.undo(changed.id)
            #expect(undone.summary.hasSuffix("2 applied changed, 2 undone restored"))
            #expect(try await service.billLines() == before)
            let history = try await service.bill()["history"]?.elements ?? []
            #expect(
                history.last?["detail"]?.string == "import 2 undone: amount 7 to 150000, "
                    + "expires_at never to 2099-12-31T16:59:59Z, info, customer.name, "
                    + "customer.email")
        }
    }

    @Test func `a bill that was paid, held, cancelled or edited since is kept and reported`()
        async throws
    {
        let five =
            Self.head + (1...5).map { "8896511000000\($0),INV-\($0),150000,,A,,\n" }.joined()
        try await withTill { service in
            let made = try await service.importText(five)
            try await service.pay(Till.notice("INV-1", code: "88965110000001"))
            try await service.pay(Till.notice("INV-2", amount: 9, code: "88965110000002"))
            #expect(try await service.edit(#"{"amount":7}"#, of: "3").status == 200)
            let cancel = try await service.admin.post("/admin/v1/bills/4/cancel", "{}")
            #expect(cancel.status == 200)
            let undone = try await service.undo(made.id)
            #expect(
                undone.text == """
                    undone: 5 rows, 5 new, 5 applied created, 1 undone cancelled, 4 undone kept
                    kept INV-1: is paid
                    kept INV-2: is held
                    kept INV-3: was edited after the import
                    kept INV-4: is cancelled
                    """)
            #expect(
                try await service.billLines() == [
                    #"INV-1 88965110000001 150000 "A" paid"#,
                    #"INV-2 88965110000002 150000 "A" held"#, #"INV-3 88965110000003 7 "A""#,
                    #"INV-4 88965110000004 150000 "A" cancelled"#,
                    #"INV-5 88965110000005 150000 "A" cancelled import_undone"#,
                ])
        }
    }

    @Test func `a changed bill that was paid or edited since is kept`() async throws {
        try await withTill { service in
            _ = try await service.importText(Self.three)
            let changed = try await service.importText(Self.three.replacing("150000", with: "7"))
            try await service.pay(Till.notice("INV-1", amount: 7, code: "88965110000001"))
            #expect(try await service.edit(#"{"info":"x"}"#, of: "2").status == 200)
            let undone = try await service.undo(changed.id)
            #expect(
                undone.notes.suffix(2) == [
                    "kept INV-2: was edited after the import", "kept INV-1: is paid",
                ])
            #expect(undone.summary.hasSuffix("1 undone restored, 2 undone kept"))
            #expect(
                try await service.billLines() == [
                    #"INV-1 88965110000001 7 "Anton" paid"#,
                    #"INV-2 88965110000002 7 "Anton" info=x"#,
                    #"INV-3 88965110000003 150000 "Anton""#,
                ])
        }
    }

    @Test func `a reusable bill that was paid is kept`() async throws {
        try await withTill { service in
            let file = "payment_code,invoice_number,amount,customer_name,reusable\n"
            let made = try await service.importText(file + "88965110000001,INV-1,7,A,ya\n")
            try await service.pay(Till.notice("INV-1", amount: 7))
            let undone = try await service.undo(made.id)
            #expect(undone.notes.count == 1)
            #expect(undone.notes.first?.hasPrefix("kept INV-1: was paid 1 time") == true)
            #expect(try await service.state() == "open")
        }
    }

    @Test func `a later file reopens undone bills, and can be undone too`() async throws {
        try await withService { service in
            let made = try await service.importText(Self.first)
            _ = try await service.undo(made.id)
            let again = try await service.importText(Self.first)
            #expect(
                again.text == "applied: 1 rows, 1 changed, 1 applied changed\n"
                    + "2 changed INV-1: the bill is reopened, which an undone import had cancelled")
            #expect(try await service.billLines() == [Self.bill])
            #expect(
                try await service.importText(Self.first).summary == "applied: 1 rows, 1 unchanged")
            let undone = try await service.undo(again.id)
            #expect(undone.summary.hasSuffix("1 undone restored"))
            #expect(try await service.billLines() == [Self.bill + " cancelled import_undone"])
            let third = try await service.importText(Self.first.replacing("SPP", with: "Buku"))
            #expect(third.summary == "applied: 1 rows, 1 changed, 1 applied changed")
            #expect(
                try await service.billLines() == [Self.bill.replacing("SPP", with: "Buku")])
        }
    }

    @Test func `an undone bill that was paid is skipped until its payment is resolved`()
        async throws
    {
        try await withTill { service in
            let made = try await service.importText(Self.first)
            _ = try await service.undo(made.id)
            try await service.pay(Till.notice())
            let again = try await service.importText(Self.first)
            #expect(
                again.text
                    == "applied: 1 rows, 1 skipped\n2 skipped INV-1: the bill was paid after "
                    + "its import was undone: resolve that payment first")
            #expect(try await service.state() == "cancelled")
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            #expect(
                try await service.importText(Self.first).summary
                    == "applied: 1 rows, 1 changed, 1 applied changed")
            #expect(try await service.state() == "open")
        }
    }

    @Test func `an undone bill whose code another bill has is refused`() async throws {
        try await withService { service in
            let made = try await service.importText(Self.first)
            _ = try await service.undo(made.id)
            let other = Self.first.replacing("INV-1", with: "INV-2")
            #expect(try await service.importText(other).state == "applied")
            let again = try await service.importText(Self.first)
            #expect(
                again.text == "refused: 1 rows, 1 refused\n"
                    + "2 payment_code <88965110000001> refused INV-1: is in use by bill INV-2")
        }
    }

    @Test func `undoing again changes nothing, and undoing nothing is refused`() async throws {
        try await withService { service in
            let made = try await service.importText(Self.three)
            let first = try await service.undo(made.id)
            let second = try await service.undo(made.id)
            #expect(second.text == first.text)
            let dry = try await service.importText(Self.three, "?dry_run=true")
            let refused = try await service.importText("x\n")
            let same = try await service.importText(ImportCase.head)
            for id in [dry.id, refused.id, same.id] {
                let answer = try await service.admin.post("/admin/v1/imports/\(id)/undo", "{}")
                try expectProblem(answer, 409, "import_not_undoable")
            }
            let upload = try await service.beginUpload()
            let running = try await service.admin.post("/admin/v1/imports/5/undo", "{}")
            try expectProblem(running, 409, "import_not_done")
            await upload.close()
            for id in ["0", "-1", "99", "x", "1e0"] {
                let answer = try await service.admin.post("/admin/v1/imports/\(id)/undo", "{}")
                try expectProblem(answer, 404, "not_found")
            }
            let field = try await service.admin.post(
                "/admin/v1/imports/\(made.id)/undo", #"{"reason":"x"}"#)
            try expectProblem(field, 400, "unknown_field")
            #expect(try await service.events() == ["import.applied", "import.undone"])
        }
    }
}
