// The database itself refuses bad rows, regardless of the writer.

import GRDB
import Testing

struct ConstraintTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Returns the message with which the SQL is refused.
    private func refusal(of sql: String) throws -> String? {
        let error = #expect(throws: DatabaseError.self, "\(sql)") {
            try RawDatabase.execute(open.path, sql)
        }
        return error?.message
    }

    @Test func `the valid row of every table is accepted`() throws {
        for table in BadRow.tables {
            try RawDatabase.execute(open.path, BadRow.insert(into: table))
        }
    }

    @Test(arguments: BadRow.all)
    func `each check refuses a bad row and is named`(row: BadRow) throws {
        let message = try refusal(of: row.sql)
        #expect(message == "CHECK constraint failed: \(row.constraint)")
    }

    @Test(arguments: BadRow.others)
    func `types, keys and missing values are refused as well`(row: BadRow) throws {
        let message = try refusal(of: row.sql)
        #expect(message?.hasPrefix(row.constraint) == true, "\(message ?? "taken")")
    }

    @Test(arguments: [
        ["amount": "1"], ["amount": "999999999999"], ["payment_code": "'0'"],
        ["payment_code": "'0000000000000000000000000'"], ["reusable": "1"],
        ["state": "'cancelled'", "cancel_reason": "'paid_elsewhere'"], ["state": "'cancelled'"],
    ])
    func `values just inside a bound are accepted`(columns: [String: String]) throws {
        try RawDatabase.execute(open.path, BadRow.insert(into: "bill", with: columns))
    }

    @Test(arguments: ["open", "held"], ["open", "held"])
    func `no second bill may hold a code`(first: String, second: String) throws {
        try RawDatabase.execute(
            open.path, BadRow.insert(into: "bill", with: ["state": "'\(first)'"]))
        let message = try refusal(
            of: BadRow.insert(
                into: "bill", with: ["state": "'\(second)'", "invoice_number": "'INV-10'"]))
        #expect(message == "UNIQUE constraint failed: index 'bill_by_code'")
    }

    @Test(arguments: ["paid", "cancelled", "replaced"])
    func `closed bills may have the code of an open one`(state: String) throws {
        try RawDatabase.execute(open.path, BadRow.insert(into: "bill"))
        for number in ["'INV-10'", "'INV-11'"] {
            try RawDatabase.execute(
                open.path,
                BadRow.insert(
                    into: "bill", with: ["state": "'\(state)'", "invoice_number": number]))
        }
        let message = try refusal(
            of: "UPDATE bill SET state = 'open', cancel_reason = NULL WHERE state = '\(state)'")
        #expect(message == "UNIQUE constraint failed: index 'bill_by_code'")
    }

    @Test func `an invoice number is unique in its account, in every state`() throws {
        try RawDatabase.execute(
            open.path, BadRow.insert(into: "bill", with: ["state": "'cancelled'"]))
        let message = try refusal(
            of: BadRow.insert(into: "bill", with: ["payment_code": "'889652'"]))
        #expect(message == "UNIQUE constraint failed: bill.account_id, bill.invoice_number")
    }

    @Test func `there is one pause for all and one for each account`() throws {
        for account in ["NULL", "1"] {
            let sql = BadRow.insert(into: "pause", with: ["account_id": account])
            try RawDatabase.execute(open.path, sql)
            #expect(try refusal(of: sql)?.contains("pause_once") == true)
        }
    }
}
