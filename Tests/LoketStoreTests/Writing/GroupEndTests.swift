// What the callers of a group have to do together is done once after their results.

import Foundation
import LoketCore
import Synchronization
import TestSupport
import Testing

@testable import LoketStore

struct GroupEndTests {
    private final class End: GroupEnd {
        private let state = Mutex((results: 0, ends: [Int]()))

        func note() { state.withLock { $0.results += 1 } }
        func groupEnded() { state.withLock { $0.ends.append($0.results) } }
        /// The number of results before each end.
        var ends: [Int] { state.withLock(\.ends) }
    }

    private struct Refused: Error {}

    /// Queues writes behind one that waits for all of them.
    private func submit(_ count: Int, failing: Int, _ end: End, to commits: GroupCommit) {
        let opened = DispatchSemaphore(value: 0)
        let isAgain = Mutex(false)
        commits.submit(
            { _ in
                // A group with a failing write runs twice.
                if !isAgain.withLock({ isAgain in
                    defer { isAgain = true }
                    return isAgain
                }) {
                    opened.wait()
                }
            }, then: { _ in })
        for place in 0..<count {
            commits.submit(
                end: end,
                { _, _ in if place < failing { throw Refused() } },
                then: { _ in end.note() })
        }
        opened.signal()
    }

    @Test(arguments: [0, 1, 9])
    func `a group ends once, after the results of its writes`(failing: Int) async throws {
        let open = try OpenStore()
        let (first, second) = (End(), End())
        submit(9, failing: failing, first, to: open.store.commits)
        try await eventually("the group is done") { first.ends == [9] }
        submit(3, failing: 0, second, to: open.store.commits)
        try await eventually("the second group is done") { second.ends == [3] }
        #expect(first.ends == [9])
    }

    @Test func `a write that is not taken ends at once`() throws {
        let open = try OpenStore()
        open.store.commits.close()
        let end = End()
        open.store.commits.submit(end: end, { _, _ in }, then: { _ in end.note() })
        #expect(end.ends == [1])
    }
}
