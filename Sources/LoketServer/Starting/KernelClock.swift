// Whether the kernel keeps the clock.

import CKernelClock
import Foundation

enum KernelClock {
    static func entry() -> CheckEntry {
        var state = timex()
        guard adjtimex(&state) != -1 else {
            return .fine(.clock, "the kernel does not say whether it is synchronised")
        }
        guard state.status & STA_UNSYNC == 0 else {
            return .note(
                .clock,
                "the kernel does not know of any time service; DOKU's requests are refused when "
                    + "the clock is off: apt-get install systemd-timesyncd")
        }
        return .fine(.clock, "synchronised")
    }
}
