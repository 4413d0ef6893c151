// One line a minute for each kind of trouble, and how many were left out.

import Testing

@testable import LoketServer

struct LogPaceTests {
    @Test func `one kind has a line a minute, which counts those left out`() {
        var pace = LogPace<String>()
        let start = ContinuousClock.now
        func take(_ kind: String, _ seconds: Double) -> Int? {
            pace.take(kind, at: start + .seconds(seconds))
        }
        #expect(take("disk", 0) == 0)
        #expect((1...40).compactMap { take("disk", Double($0)) }.isEmpty)
        #expect(take("key", 30) == 0)
        #expect(take("disk", 59.9) == nil)
        #expect(take("disk", 60) == 41)
        #expect(take("disk", 61) == nil)
        #expect(take("key", 90) == 0)
        #expect(take("disk", 3_600) == 1)
    }
}
