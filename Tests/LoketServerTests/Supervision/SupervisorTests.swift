// What the parts alone report to systemd; NotifyTests covers the whole process.

import Foundation
import LoketCore
import LoketSystem
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
@testable import LoketRuntime
@testable import LoketServer

struct SupervisorTests {
    private func withLoops(
        _ count: Int, _ body: (LoopPulse, [any EventLoop]) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let pulse = LoopPulse()
        let loops = Array(group.makeIterator())
        for loop in loops { pulse.add(loop) {} }
        do {
            try await body(pulse, loops)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// The process id of the service is 42.
    @Test(arguments: [
        (["WATCHDOG_USEC": "30000000"], true),
        (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"], true),
        (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"], false),
        (["WATCHDOG_USEC": "0"], false), (["WATCHDOG_USEC": "soon"], false), ([:], false),
    ])
    func `watchdog signs are sent if systemd wants them of this process`(
        _ environment: [String: String], wanted: Bool
    ) async throws {
        let receiver = try NotifyReceiver()
        try await withLoops(1) { pulse, loops in
            let supervisor = Supervisor(
                environment: environment.merging(["NOTIFY_SOCKET": receiver.address]) { $1 },
                process: 42, pulse: pulse)
            supervisor.isUp { "open" }
            try await eventually { receiver.messages.starts(with: ["READY=1", "STATUS=open"]) }
            // An earlier look-up has been made by now, and its sign is on its way.
            try await loops[0].submit {}.get()
            supervisor.stops(within: .seconds(1))
            try await eventually { receiver.messages.contains("STOPPING=1") }
            #expect(receiver.messages.contains("WATCHDOG=1") == wanted, "\(receiver.messages)")
        }
    }

    @Test func `a loop that hangs stops the watchdog signs until it runs again`() async throws {
        let receiver = try NotifyReceiver()
        try await withLoops(2) { pulse, loops in
            let asked = Mutex(0)
            let supervisor = Supervisor(
                environment: ["NOTIFY_SOCKET": receiver.address, "WATCHDOG_USEC": "2000"],
                pulse: pulse)
            func signs() -> Int { receiver.messages.count { $0 == "WATCHDOG=1" } }
            supervisor.isUp {
                asked.withLock { $0 += 1 }
                return "open"
            }
            try await eventually { signs() > 1 }

            let isHeld = Mutex(false)
            let release = DispatchSemaphore(value: 0)
            defer { release.signal() }
            loops[1].execute {
                isHeld.withLock { $0 = true }
                release.wait()
            }
            try await eventually { isHeld.withLock(\.self) }
            let (signsBefore, looksBefore) = (signs(), asked.withLock(\.self))
            try await eventually { asked.withLock(\.self) > looksBefore + 20 }
            // One sign may have been on its way.
            let signsHeld = signs()
            #expect(signsHeld <= signsBefore + 1)
            release.signal()
            try await eventually { signs() > signsHeld + 1 }
            supervisor.stops(within: .seconds(1))
        }
    }

    @Test func `a long start and a stop ask systemd for the time that they need`() async throws {
        let receiver = try NotifyReceiver()
        let supervisor = Supervisor(environment: ["NOTIFY_SOCKET": receiver.address])
        supervisor.starts()
        let asked = "EXTEND_TIMEOUT_USEC=\(2_000_000 * Limits.startNoticeSeconds)"
        try await eventually {
            receiver.messages.starts(with: ["STATUS=opening the database", asked])
        }
        // A reload during the start is not reported: READY=1 would be false.
        supervisor.reloads {}
        supervisor.stops(within: .seconds(20))
        let whole = "EXTEND_TIMEOUT_USEC=\((20 + Limits.closingSeconds) * 1_000_000)"
        try await eventually {
            receiver.messages.suffix(2) == ["STOPPING=1", whole + "\nSTATUS=stopping"]
        }
        #expect(!receiver.messages.contains("READY=1"), "\(receiver.messages)")
    }

    @Test(arguments: ["", "loket", "@", "/" + String(repeating: "x", count: 200)])
    func `a value that is not a socket address is ignored`(_ address: String) {
        #expect(NotifySocket(["NOTIFY_SOCKET": address]) == nil)
    }
}
