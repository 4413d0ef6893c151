// Making bills: one transaction for all of them or for none. The invoice number is the
// idempotency key: the same bill again is the bill that is there.

import GRDB
import LoketCore
import LoketSystem

/// Why a bill cannot be made; the others of its batch are not made either.
package struct BillConflict: Error, Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// The number belongs to a bill with other content.
        case invoiceNumberTaken(billID: Int64)
        /// The number could be taken for an inquiry's number of that bill, or the reverse.
        case invoiceNumberLikeSuffixed(other: InvoiceNumber)
        /// An open or held bill has the code.
        case codeTaken(by: InvoiceNumber)
        /// No code could be made: those under the BIN are nearly used up.
        case codesExhausted(bin: String)
        case expiryPast
    }

    /// Place in the batch, from 0.
    package let index: Int
    package let cause: Cause
    /// What is in the way as well.
    package let others: [Cause]
    package var causes: [Cause] { [cause] + others }

    package init(index: Int, cause: Cause, others: [Cause] = []) {
        self.index = index
        self.cause = cause
        self.others = others
    }

    /// Nil where there is no cause.
    init?(index: Int, causes: [Cause]) {
        guard let cause = causes.first else { return nil }
        self.init(index: index, cause: cause, others: Array(causes.dropFirst()))
    }
}

/// A bill to be made.
package struct NewBill: Sendable {
    /// The account that it is for.
    package let accountID: Int64
    /// Where its code is to be made, the BIN is in the code's place.
    package let draft: BillDraft
    /// Where its code is to be made; nil: the draft has one.
    package let codes: CodeSpace?

    package init(accountID: Int64, draft: BillDraft, codes: CodeSpace? = nil) {
        self.accountID = accountID
        self.draft = draft
        self.codes = codes
    }
}

extension Store {
    /// - Parameters:
    ///   - actor: name of the admin key.
    ///   - digits: returns the given number of random digits, values from 0 to 9.
    /// - Returns: the bills in their order, and which of them are new.
    /// - Throws: `BillConflict` for the first that cannot be made; `DiskRoom.Shortage` where new
    ///   ones would not leave the reserve.
    package func create(
        _ bills: [NewBill], actor: String?, now: Moment,
        digits: @escaping @Sendable (Int) -> [UInt8] = randomDigits
    ) async throws -> [(record: BillRecord, isNew: Bool)] {
        let given = Set(bills.filter { $0.codes == nil }.map(\.draft.paymentCode))
        return try await commits.write { [self] database in
            let mint = CodeMint(digits: digits, avoiding: given, database: database)
            let earlier = try EarlierPayments(in: database, now: now)
            let insert = try BillInserter(on: database, by: actor, now: now)
            let made = try bills.enumerated().map { index, new in
                do {
                    return try Self.create(
                        new, with: insert, mint: mint, earlier: earlier, now: now, in: database)
                } catch let conflict as ConflictCause {
                    throw BillConflict(
                        index: index, cause: conflict.cause, others: conflict.others)
                }
            }
            if made.contains(where: \.isNew) { try checkRoom(in: database) }
            return made
        }
    }

    struct ConflictCause: Error {
        let cause: BillConflict.Cause
        var others: [BillConflict.Cause] = []
    }

    private static func create(
        _ new: NewBill, with insert: BillInserter, mint: CodeMint, earlier: EarlierPayments,
        now: Moment, in database: Database
    ) throws -> (record: BillRecord, isNew: Bool) {
        let accountID = new.accountID
        var draft = new.draft
        if let existing = try record(
            accountID: accountID, invoiceNumber: draft.invoiceNumber, in: database)
        {
            // A code that was made is not known to who asks again.
            if new.codes?.contains(existing.bill.paymentCode) == true {
                draft.paymentCode = existing.bill.paymentCode
            }
            guard existing.isMade(of: draft, accountID: accountID) else {
                throw ConflictCause(cause: .invoiceNumberTaken(billID: existing.bill.id))
            }
            return (try fetch(existing.bill.id, in: database), false)
        }
        let conflicts = try conflicts(
            of: BillPart(
                accountID: accountID, invoiceNumber: draft.invoiceNumber,
                paymentCode: new.codes == nil ? draft.paymentCode : nil,
                expiresAt: draft.expiresAt),
            now: now, in: database)
        if let first = conflicts.first {
            throw ConflictCause(cause: first, others: Array(conflicts.dropFirst()))
        }
        if let codes = new.codes {
            draft.paymentCode = try mint.code(of: codes, accountID: accountID)
        } else {
            try freeExpired(
                draft.paymentCode, accountID: accountID, addsEvent: true, now: now, in: database)
        }
        let id = try insert.insert(draft, accountID: accountID)
        let made = try fetch(id, in: database)
        let payments = try earlier.ids(accountID: accountID, for: draft)
        let isHeld = !payments.isEmpty && !draft.reusable
        // No reader has seen the bill open.
        var bill = made.bill
        if isHeld { bill.state = .held }
        try Event.add(.billCreated, of: bill, accountID: accountID, at: now, in: database)
        try hold(made, for: payments, now: now, in: database)
        return (payments.isEmpty ? made : try fetch(id, in: database), true)
    }

    /// The expired bill that still holds a code gives it up.
    ///
    /// - Parameter addsEvent: false where the one event of an import says it.
    static func freeExpired(
        _ code: PaymentCode, accountID: Int64, addsEvent: Bool = false, now: Moment,
        in database: Database
    ) throws {
        guard
            let holder = try BillMatch.holder(
                of: code.digits, accountID: accountID, in: database),
            holder.bill.state == .open, holder.bill.isExpired(at: now)
        else { return }
        try setState(.replaced, of: holder, addsEvent: addsEvent, now: now, in: database)
    }
}

/// Makes payment codes, in the transaction that stores the bill: random, and never one that a bill of
/// the account ever had. An old customer's slip must not find a new customer's bill.
private struct CodeMint {
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
        throw Store.ConflictCause(cause: .codesExhausted(bin: space.bin))
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
