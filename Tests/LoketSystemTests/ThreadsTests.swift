// One key on many threads: every result equals that of a single thread.

import Foundation
import LoketSystem
import Synchronization
import Testing

struct ThreadsTests {
    private final class Count: Sendable {
        let wrong = Mutex(0)
        let done = Mutex(0)
    }

    @Test func `sixteen threads can use one key at the same time`() {
        let key = HMACKey(Array("SK-example-not-a-real-key".utf8))
        let messages = (0..<64).map { size in
            (0..<(size * 5)).map { UInt8(truncatingIfNeeded: size &+ $0) }
        }
        let expected = messages.map(key.authenticate)
        let count = Count()
        let finished = DispatchGroup()
        for thread in 0..<16 {
            finished.enter()
            Thread.detachNewThread {
                var wrong = 0
                for turn in 0..<1000 {
                    let place = (thread * 7 + turn) % messages.count
                    if key.authenticate(messages[place]) != expected[place] { wrong += 1 }
                }
                count.wrong.withLock { $0 += wrong }
                count.done.withLock { $0 += 1 }
                finished.leave()
            }
        }
        finished.wait()
        #expect(count.done.withLock { $0 } == 16)
        #expect(count.wrong.withLock { $0 } == 0)
    }

    @Test func `tasks may create, use and release keys and hashes concurrently`() async {
        let message = Array("abc".utf8)
        let hash = SHA256Digest(of: message)
        let mark = HMACKey(message).authenticate(message)
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (0..<300).count { _ in
                        SHA256Digest(of: message) != hash
                            || HMACKey(message).authenticate(message) != mark
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
