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
        /// The request stopped before this number, and the bill was left as it is.
        case left
    }

    package let number: InvoiceNumber
    package let outcome: Outcome
    package let billID: Int64?
    /// The bill's state after this; nil if there is none or it cannot be read.
    package let state: Bill.State?
}

/// The result of `Store.cancel` with numbers.
package struct CancelledNumbers: Sendable {
    /// An outcome for each number, in their order.
    package fileprivate(set) var outcomes: [CancelledNumber] = []
    /// The reason why the remaining numbers are `left`; nil if none are.
    package fileprivate(set) var failure: (any Error)?
}

extension Store {
    /// Cancels the open bills among those with the numbers. Each commit spares the reserve of disk
    /// space.
    ///
    /// - Parameters:
    ///   - reason: the merchant's text; `paid_elsewhere` makes inquiries answer "paid".
    ///   - actor: the name of the admin key.
    ///   - isDryRun: whether to change nothing.
    /// - Throws: the error of the first commit. An error of a later one is in the result.
    package func cancel(
        _ numbers: [InvoiceNumber], of accountID: Int64, reason: String?, actor: String,
        now: Moment, isDryRun: Bool
    ) async throws -> CancelledNumbers {
        var result = CancelledNumbers()
        guard !isDryRun else {
            result.outcomes = try await pool.read { database in
                try numbers.map { number in
                    try Self.outcome(of: number, accountID, in: database) { _ in }
                }
            }
            return result
        }
        while result.outcomes.count < numbers.count {
            let rest = numbers[result.outcomes.count...]
            let step = Array(rest.prefix(Limits.cancelledAtOnce))
            do {
                result.outcomes += try await commits.write { [self] database in
                    let outcomes = try step.map { number in
                        try Self.outcome(of: number, accountID, in: database) { record in
                            try Self.setState(
                                .cancelled, of: record, reason: reason, actor: actor, now: now,
                                in: database)
                        }
                    }
                    if outcomes.contains(where: { $0.outcome == .cancelled }) {
                        try checkRoom(in: database)
                    }
                    return outcomes
                }
            } catch {
                guard !result.outcomes.isEmpty else { throw error }
                result.failure = error
                result.outcomes += rest.map {
                    CancelledNumber(number: $0, outcome: .left, billID: nil, state: nil)
                }
            }
        }
        return result
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
