// What `loket check` says of the clock: whether the kernel keeps it, and how far it is from DOKU's.

import CKernelClock
import Foundation
import LoketServer

extension Check {
    static func clock() -> Finding {
        var state = timex()
        guard adjtimex(&state) != -1 else {
            return .fine("clock", "the kernel does not tell whether it is synchronised")
        }
        guard state.status & STA_UNSYNC == 0 else {
            return .note(
                "clock",
                "the kernel does not know of any time service; DOKU's requests are refused when "
                    + "the clock is off: apt-get install systemd-timesyncd")
        }
        return .fine("clock", "synchronised")
    }

    static func skew(_ median: Int64?, _ settings: Settings) -> Finding {
        guard let median else {
            return .fine("clock", "no inquiry yet to compare with DOKU's clock")
        }
        let seconds = Double(median) / 1000
        let text = String(format: "%.1f s ahead of DOKU's in the latest inquiries", seconds)
        let isFar = abs(median) > Int64(settings.limits.timestampSeconds) * 1000 / 2
        return isFar
            ? .problem("clock", text + "; set it right before requests are refused")
            : .fine("clock", text)
    }
}
