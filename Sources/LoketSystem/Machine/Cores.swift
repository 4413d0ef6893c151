// The cores that this process may run on.

import Foundation

package enum Cores {
    /// The number of cores that the process may run on: `taskset`, `CPUAffinity` of systemd or the
    /// cpuset of a container may allow fewer than the machine has. Nil if it is unknown.
    package static var allowed: Int? {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(allowed)
    }

    /// Reads the mask in a text like /proc/self/status, hexadecimal with commas (proc(5)).
    static func allowed(in status: String) -> Int? {
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        let digits = line.dropFirst(name.count).compactMap(\.hexDigitValue)
        let count = digits.reduce(0) { $0 + $1.nonzeroBitCount }
        return count > 0 ? count : nil
    }
}
