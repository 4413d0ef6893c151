// No constraint of the rows of a payment makes SQLite build a table of words for each row.

import GRDB
import Testing

@testable import LoketStore

struct PlainCheckTests {
    private static let inserts = [
        "INSERT INTO payment (standing, resolution) VALUES ('x', 'x')",
        "INSERT INTO bill (state) VALUES ('x')", "UPDATE bill SET state = 'x' WHERE id = 1",
        "INSERT INTO hour_sum (kind) VALUES ('x')", "INSERT INTO delivery (source) VALUES ('x')",
        "INSERT INTO notification (status) VALUES ('x')", "INSERT INTO event (type) VALUES ('x')",
        "INSERT INTO bill_change (change) VALUES ('x')",
    ]

    @Test(arguments: inserts)
    func `a row of a payment is checked without a table`(_ sql: String) throws {
        let open = try OpenStore()
        let steps = try RawDatabase.rows(open.path, "EXPLAIN \(sql)").map { $0["opcode"] as String }
        #expect(!steps.isEmpty)
        #expect(!steps.contains("OpenEphemeral"))
    }
}
