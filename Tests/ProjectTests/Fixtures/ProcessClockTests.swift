// The clock that a test sets for its processes.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ProcessClockTests {
        /// Prints the wall clock in milliseconds, by each of the calls that programs use.
        private static let reading = """
            import ctypes, time
            library = ctypes.CDLL(None)
            pair = (ctypes.c_int64 * 2)()
            library.gettimeofday(pair, None)
            print(time.time_ns() // 10**6, pair[0] * 1000 + pair[1] // 1000,
                  library.time(None) * 1000 + 999)
            """

        @Test(arguments: [0, 1, 999, 1_000, 40 * 86_400_000 + 1, -1, -999, -86_400_001])
        func `a process has the clock of its test`(ahead: Int64) async throws {
            try await withSite { site in
                let clock = try ProcessClock(in: site.temporary)
                clock.advance(milliseconds: ahead)
                let machine = Date().timeIntervalSince1970 * 1000
                #expect(abs(clock.now.milliseconds - Int64(machine) - ahead) < 60_000)
                let before = clock.now.milliseconds
                let outcome = try await site.run(
                    ["-c", Self.reading], program: "python3", environment: clock.environment)
                let read = outcome.output.split(whereSeparator: \.isWhitespace)
                    .compactMap { Int64($0) }
                #expect(read.count == 3, "\(outcome)")
                #expect(read.allSatisfy { (before...clock.now.milliseconds + 999).contains($0) })
            }
        }
    }
}
