// Editing a bill: an open bill's amounts are replaced as a whole, and its times are set or removed.

import LoketCore

extension Auditor {
    /// The changes of an edit; other fields are unchanged.
    package struct Edit: Sendable {
        package enum Time: Sendable {
            case unchanged, none
            case at(Moment)

            func applied(to moment: Moment?) -> Moment? {
                switch self {
                case .unchanged: moment
                case .none: nil
                case .at(let moment): moment
                }
            }
        }

        /// What an edit can change.
        package struct Terms: Sendable, Hashable {
            let amounts: [Step]
            let validFrom: Moment?
            let expiresAt: Moment?
            let dueAt: Moment?
        }

        package var amounts: [Step]?
        package var validFrom = Time.unchanged
        package var expiry = Time.unchanged
        package var dueAt = Time.unchanged

        package init(amounts: [Step]? = nil) {
            self.amounts = amounts
        }

        package init(amount: Int64) {
            amounts = [Step(amount)]
        }
    }

    package enum Edited: Sendable, Hashable {
        case done
        /// The bill is not open.
        case closed
        case invalid(Fault)
    }

    package mutating func edit(_ number: String, _ edit: Edit, at now: Span) -> Edited {
        guard var bill = bill(number) else { return .closed }
        if let amounts = edit.amounts {
            if let fault = Self.fault(in: amounts) { return .invalid(fault) }
            if amounts != bill.amounts { bill.lists.append((amounts, now)) }
        }
        bill.validFrom = edit.validFrom.applied(to: bill.validFrom)
        bill.expiresAt = edit.expiry.applied(to: bill.expiresAt)
        bill.dueAt = edit.dueAt.applied(to: bill.dueAt)
        if Self.isNeverValid(bill.validFrom, bill.amounts, bill.expiresAt) {
            return .invalid(.validFrom)
        }
        guard bill.state == .open else { return .closed }
        bill.isEdited = true
        change(number) { $0 = bill }
        return .done
    }
}
