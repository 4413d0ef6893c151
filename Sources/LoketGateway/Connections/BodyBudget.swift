// The room that the large bodies of all connections share while they come in. Who is not verified
// yet can fill no more than this; a body past it is answered 503, and DOKU sends it again.

import Synchronization

final class BodyBudget: Sendable {
    private let bytesMax: Int
    private let taken = Atomic<Int>(0)

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// One body's part, given back with it.
    final class Share {
        private let budget: BodyBudget
        private var bytes = 0

        init(of budget: BodyBudget) {
            self.budget = budget
        }

        deinit { budget.taken.subtract(bytes, ordering: .relaxed) }

        /// - Returns: false where there is no room for that much.
        func grow(to count: Int) -> Bool {
            let more = count - bytes
            bytes = count
            return budget.taken.add(more, ordering: .relaxed).newValue <= budget.bytesMax
        }
    }
}
