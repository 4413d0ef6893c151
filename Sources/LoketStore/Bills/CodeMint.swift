// Making payment codes, inside the transaction that stores the bill: random, and never one that a
// bill of the account ever had. An old customer's slip must not find a new customer's bill.

import GRDB
import LoketCore
import LoketSystem

struct CodeMint {
    /// Random digits, values from 0 to 9.
    let digits: (Int) -> [UInt8]
    /// Codes that bills of the same request bring with them.
    let avoiding: Set<PaymentCode>
    let database: Database

    /// - Throws: `codesExhausted` where chance found no free code so often that hardly any can be
    ///   left; codes that are that dense could be guessed besides.
    func code(of space: CodeSpace, accountID: Int64) throws -> PaymentCode {
        for _ in 0..<Limits.codeTriesMax {
            guard let code = space.code(digits(space.randomDigits)), !avoiding.contains(code),
                try isNew(code, accountID: accountID)
            else { continue }
            return code
        }
        throw BillStore.ConflictCause(cause: .codesExhausted(bin: space.bin))
    }

    /// Whether no bill of the account has the code or ever had it: two indexes, two looks.
    private func isNew(_ code: PaymentCode, accountID: Int64) throws -> Bool {
        try !database.isTrue(
            """
            SELECT EXISTS (
                SELECT 1 FROM bill INDEXED BY bill_code_held_once
                WHERE account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')
            ) OR EXISTS (
                SELECT 1 FROM bill INDEXED BY bill_code_history
                WHERE account_id = ?1 AND payment_code = ?2
                    AND state NOT IN ('open', 'held')
            )
            """, [accountID, code.digits])
    }
}
