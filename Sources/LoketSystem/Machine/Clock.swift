// The machine's clock, and whether a time service keeps it right.

import CKernelClock
import Foundation
import LoketCore

extension Moment {
    /// The wall clock. Read at the edges only, and passed on from there.
    package static var now: Moment {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

/// The state of the kernel's clock.
package enum KernelClock {
    /// Whether a time service keeps it; nil if the kernel does not report it.
    package static var isSynchronised: Bool? {
        var state = timex()
        guard adjtimex(&state) != -1 else { return nil }
        return state.status & STA_UNSYNC == 0
    }
}
