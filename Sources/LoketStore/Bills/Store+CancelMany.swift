// Cancels many bills by their invoice numbers, a few in each commit, so that a payment waits for
// one step and not for all of them. Only open bills are cancelled: a held bill waits for a decision
// about a payment.

import GRDB
import LoketCore

/// What became of one invoice number.
package struct CancelledNumber: Sendable, Equatable {
    package enum Outcome: String, Sendable {
        /// The bill is cancelled now; in a dry run, it would be.
        case cancelled
        /// The bill was cancelled before.
        case already
        /// The bill is held, paid or replaced, and was left as it is.
        case refused
        /// The bill's row does not match its checksum, and was left as it is.
        case damaged
        /// No bill of the account has the number.
        case unknown
    }

    package let number: InvoiceNumber
    package let outcome: Outcome
    package let billID: Int64?
    /// The bill's state after this; nil if there is none or it cannot be read.
    package let state: Bill.State?
}

extension Store {
    /// Cancels the open bills among those with the numbers.
    ///
    /// - Parameters:
    ///   - reason: the merchant's text; `paid_elsewhere` makes inquiries answer "paid".
    ///   - actor: the name of the admin key.
    ///   - isDryRun: whether to change nothing.
    /// - Returns: an outcome for each number, in their order.
    package func cancel(
        _ numbers: [InvoiceNumber], of accountID: Int64, reason: String?, actor: String,
        now: Moment, isDryRun: Bool
    ) async throws -> [CancelledNumber] {
        guard !isDryRun else {
            return try await pool.read { database in
                try numbers.map { number in
                    try Self.outcome(of: number, accountID, in: database) { _ in }
                }
            }
        }
        var outcomes: [CancelledNumber] = []
        var rest = numbers[...]
        while !rest.isEmpty {
            let step = Array(rest.prefix(Limits.cancelledAtOnce))
            rest = rest.dropFirst(step.count)
            outcomes += try await commits.write { database in
                try step.map { number in
                    try Self.outcome(of: number, accountID, in: database) { record in
                        try Self.setState(
                            .cancelled, of: record, reason: reason, actor: actor, now: now,
                            in: database)
                    }
                }
            }
        }
        return outcomes
    }

    /// - Parameter cancel: called for an open bill.
    private static func outcome(
        of number: InvoiceNumber, _ accountID: Int64, in database: Database,
        cancel: (BillRecord) throws -> Void
    ) throws -> CancelledNumber {
        func done(
            _ outcome: CancelledNumber.Outcome, _ id: Int64?, _ state: Bill.State?
        ) -> CancelledNumber {
            CancelledNumber(number: number, outcome: outcome, billID: id, state: state)
        }
        do {
            guard
                let record = try record(accountID: accountID, invoiceNumber: number, in: database)
            else { return done(.unknown, nil, nil) }
            let (id, state) = (record.bill.id, record.bill.state)
            switch state {
            case .open:
                try cancel(record)
                return done(.cancelled, id, .cancelled)
            case .cancelled: return done(.already, id, state)
            case .held, .paid, .replaced: return done(.refused, id, state)
            }
        } catch StoreFault.damagedBill(let id) {
            return done(.damaged, id, nil)
        }
    }
}
