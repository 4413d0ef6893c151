// The machine's clock, and whether a time service synchronises it.

import CKernelClock
import Foundation
import LoketCore

extension Moment {
    /// The current time of the wall clock. Only outer layers read it and pass it on.
    package static var now: Moment {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

/// The synchronisation state of the kernel's clock.
package enum KernelClock {
    /// Whether a time service synchronises the clock; nil if the kernel does not report it.
    package static var isSynchronised: Bool? {
        var state = timex()
        guard adjtimex(&state) != -1 else { return nil }
        return state.status & STA_UNSYNC == 0
    }
}
