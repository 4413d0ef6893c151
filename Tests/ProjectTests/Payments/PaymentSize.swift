// How much the payment tests do: the small size on every run, the full one where LOKET_TORTURE=1
// asks for it. What is random comes from one seed, printed, and set again by LOKET_SEED.

import DokuSimulator
import Foundation
import TestSupport

enum PaymentSize {
    static func of(_ full: Int, otherwise small: Int) -> Int { isTorture ? full : small }

    /// A generator whose seed is in the output, so that a failure can be seen again.
    static func random(for test: String) -> SeededRandom {
        let wanted = ProcessInfo.processInfo.environment["LOKET_SEED"].flatMap { UInt64($0) }
        let seed = wanted ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("\(test): LOKET_SEED=\(seed)")
        return SeededRandom(seed: seed)
    }
}
