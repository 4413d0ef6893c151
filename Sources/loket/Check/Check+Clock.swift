// What `loket check` says of the clock: how far it is from DOKU's.

import Foundation
import LoketRuntime

extension Check {
    static func skew(_ median: Int64?, _ settings: Settings) -> CheckEntry {
        guard let median else {
            return .fine(.skew, "no inquiry yet to compare with DOKU's clock")
        }
        let seconds = Double(median) / 1000
        let text = String(format: "%.1f s ahead of DOKU's in the latest inquiries", seconds)
        let isFar = abs(median) > Int64(settings.limits.timestampSeconds) * 1000 / 2
        return isFar
            ? .problem(
                .skew, text + "; set it right: an inquiry whose time is too far from it is refused")
            : .fine(.skew, text)
    }
}
