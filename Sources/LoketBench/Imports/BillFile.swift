// The file of bills that a benchmark imports.

import DokuSimulator
import Foundation
import LoketCore

struct BillFile {
    let workload: Workload

    /// Writes rows as an ERP system does: invoice numbers in order, codes scattered over their
    /// range.
    func write(to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw BenchFailure("cannot write \(path)") }
        var text =
            "payment_code,invoice_number,amount,reusable,expires_at,customer_name,"
            + "customer_email,info\r\n"
        for index in 0..<workload.billCount {
            let draft = workload.draft(index)
            text += "\(draft.paymentCode),\(draft.invoiceNumber),\(draft.amounts.last),"
            text += "\(draft.reusable),2099-12-31,Anton Budiman \(index % 1000),"
            text += "anton\(index)@example.com,Terima kasih\r\n"
            if index % 10_000 == 9_999 {
                try file.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}
