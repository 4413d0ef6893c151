// Creates bills, all in one transaction or none. The invoice number is the idempotency key: a
// repeated request returns the existing bill.

import GRDB
import LoketCore
import LoketSystem

/// The reasons why a bill cannot be created; no bill of its batch is created then.
package struct BillConflict: Error, Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// Another bill has this invoice number and different content.
        case invoiceNumberTaken(billID: Int64)
        /// The invoice number and that of `other` differ only by an inquiry's suffix.
        case invoiceNumberLikeSuffixed(other: InvoiceNumber)
        /// An open or held bill holds the code.
        case codeTaken(by: InvoiceNumber)
        /// No free code was found: the codes under the BIN are nearly used up.
        case codesExhausted(bin: String)
        case expiryPast
    }

    /// The index of the bill in its batch, from 0.
    package let index: Int
    package let cause: Cause
    /// The further causes.
    package let others: [Cause]
    package var causes: [Cause] { [cause] + others }

    package init(index: Int, cause: Cause, others: [Cause] = []) {
        self.index = index
        self.cause = cause
        self.others = others
    }

    /// Returns nil if `causes` is empty.
    init?(index: Int, causes: [Cause]) {
        guard let cause = causes.first else { return nil }
        self.init(index: index, cause: cause, others: Array(causes.dropFirst()))
    }
}

/// A bill to be created.
package struct NewBill: Sendable {
    package let accountID: Int64
    /// The content. If the code is to be generated, `paymentCode` contains the BIN only.
    package let draft: BillDraft
    /// The range in which the code is generated; nil if the draft contains a code.
    package let codes: CodeSpace?

    package init(accountID: Int64, draft: BillDraft, codes: CodeSpace? = nil) {
        self.accountID = accountID
        self.draft = draft
        self.codes = codes
    }
}

extension Store {
    /// Creates bills.
    ///
    /// - Parameters:
    ///   - actor: the name of the admin key.
    ///   - digits: returns the given number of random digits, values from 0 to 9.
    /// - Returns: the bills in the given order, each marked as new or existing.
    /// - Throws: `BillConflict` for the first bill that cannot be created; `DiskRoom.Shortage` if
    ///   new bills would use the reserve of disk space.
    package func create(
        _ bills: [NewBill], actor: String?, now: Moment,
        digits: @escaping @Sendable (Int) -> [UInt8] = randomDigits
    ) async throws -> [(record: BillRecord, isNew: Bool)] {
        let given = Set(bills.filter { $0.codes == nil }.map(\.draft.paymentCode))
        let made = try await commits.write { [self] database in
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
        if made.contains(where: \.isNew) { wordSignal.ring() }
        return made
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
            // A client that repeats a request does not know the code that was generated.
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
        // Until the commit no reader sees the bill.
        var bill = made.bill
        if isHeld { bill.state = .held }
        try Event.add(.billCreated, of: bill, accountID: accountID, at: now, in: database)
        try hold(made, for: payments, now: now, in: database)
        return (payments.isEmpty ? made : try fetch(id, in: database), true)
    }

    /// Replaces the expired bill that holds a code, so that the code is free.
    ///
    /// - Parameter addsEvent: false if the event of an import reports the change.
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

/// Generates random payment codes in the transaction that stores the bill. It never returns a code
/// that any bill of the account has had: an old customer's slip must not find a new customer's
/// bill.
private struct CodeMint {
    /// Returns random digits, values from 0 to 9.
    let digits: (Int) -> [UInt8]
    /// The codes given for other bills of the same request.
    let avoiding: Set<PaymentCode>
    let database: Database

    /// - Throws: `codesExhausted` after `Limits.codeTriesMax` attempts without a free code. Then
    ///   hardly any code is free, and codes that dense could be guessed.
    func code(of space: CodeSpace, accountID: Int64) throws -> PaymentCode {
        for _ in 0..<Limits.codeTriesMax {
            guard let code = space.code(digits(space.randomDigits)), !avoiding.contains(code),
                try isNew(code, accountID: accountID)
            else { continue }
            return code
        }
        throw Store.ConflictCause(cause: .codesExhausted(bin: space.bin))
    }

    /// Returns whether no bill of the account has or had the code.
    private func isNew(_ code: PaymentCode, accountID: Int64) throws -> Bool {
        try !database.isTrue(
            """
            SELECT EXISTS (
                SELECT 1 FROM bill INDEXED BY \(CodeIndex.name)
                WHERE account_id = ?1 AND payment_code = ?2
            )
            """, [accountID, code.digits])
    }
}
