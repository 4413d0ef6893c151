// The size of the payment tests: small on every run, full with LOKET_TORTURE=1. Random values come
// from one printed seed, which LOKET_SEED sets again.

import DokuSimulator
import Foundation
import TestSupport

enum PaymentSize {
    static func of(_ full: Int, otherwise small: Int) -> Int { isTorture ? full : small }

    /// Returns a generator whose seed is printed, so that a failure can be reproduced.
    static func random(for test: String) -> SeededRandom {
        let wanted = ProcessInfo.processInfo.environment["LOKET_SEED"].flatMap { UInt64($0) }
        let seed = wanted ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("\(test): LOKET_SEED=\(seed)")
        return SeededRandom(seed: seed)
    }
}
