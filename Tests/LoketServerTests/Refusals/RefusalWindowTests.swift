// Requests refused and verified within the last ten minutes, and how often refusals are logged.

import DokuWire
import LoketCore
import LoketRuntime
import Testing

struct RefusalWindowTests {
    private static let minute: Int64 = 60_000

    private func moment(_ minutes: Int64) -> Moment {
        // The beginning of a minute.
        Moment(seconds: 1_700_000_040).adding(milliseconds: minutes * Self.minute)
    }

    @Test func `ten minutes count, and each cause has its first moment and newest id`() {
        let window = RefusalWindow()
        #expect(window.counts(now: moment(0)) == RouteCounts())
        let route = RequestRoute(account: 1, kind: .inquiry)
        let strangers = RequestRoute(account: nil, kind: .unknownPath)
        window.refused(.signature, on: route, requestID: "a", at: moment(0))
        window.refused(.signature, on: route, requestID: "b", at: moment(5))
        window.refused(.signature, on: route, requestID: nil, at: moment(6))
        window.refused(.path, on: strangers, requestID: "c", at: moment(6))
        window.verified(on: route, at: moment(1))
        let signature = RefusalCounts.Count(count: 3, since: moment(0), example: "b")
        let path = RefusalCounts.Count(count: 1, since: moment(6), example: "c")
        #expect(
            window.counts(now: moment(9)).routes == [
                route: RefusalCounts(refused: [.signature: signature], verified: 1),
                strangers: RefusalCounts(refused: [.path: path]),
            ])
        let later = RefusalCounts.Count(count: 2, since: moment(5), example: "b")
        #expect(
            window.counts(now: moment(11)).sum()
                == RefusalCounts(refused: [.signature: later, .path: path]))
        #expect(window.counts(now: moment(16)).sum().total == 0)
        // The bucket of that minute is used again.
        window.refused(.headers, on: route, requestID: "d", at: moment(20))
        #expect(window.counts(now: moment(20)).sum().total == 1)
    }

    @Test func `every rejection has a cause`() {
        let causes = Dictionary(grouping: WireRejection.allCases, by: RefusalCause.init)
        #expect(causes[.signature] == [.signatureWrong])
        #expect(causes[.unknownClient] == [.clientIDUnknown])
        #expect(causes[.headers]?.count == WireRejection.allCases.count - 2)
    }

    @Test func `many refusals are logged each minute ten times, then every twenty minutes`() {
        var limit = LineLimit()
        var lines: [(minute: Int64, count: Int)] = []
        for tenth in 0..<Int64(24 * 60 * 10) {
            let now = moment(0).adding(milliseconds: tenth * Self.minute / 10)
            if let count = limit.count(at: now) { lines.append((tenth / 10, count)) }
        }
        #expect(lines.prefix(10).map(\.minute) == Array(0..<10))
        #expect(lines.prefix(10).map(\.count) == [1] + Array(repeating: 10, count: 9))
        #expect(lines.count <= 10 + 24 * 3 && lines.count >= 10 + 24 * 3 - 1)
        #expect((199...201).contains(lines.last?.count ?? 0))
    }

    @Test func `a clock that is set back does not keep the next line`() {
        var limit = LineLimit()
        #expect(limit.count(at: moment(600)) == 1)
        #expect(limit.count(at: moment(600)) == nil)
        #expect(limit.count(at: moment(0)) == 2)
    }
}
