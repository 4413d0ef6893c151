// Reports to systemd what the service does, where systemd started it: that it starts, that it is
// up, reads its settings again or stops, a line on how it is, and again and again that it can
// answer. Without NOTIFY_SOCKET it does nothing.

import Dispatch
import Foundation
import LoketCore
import LoketRuntime
import LoketSystem
import Synchronization

package final class Supervisor: Sendable {
    private struct State {
        /// Of the phase that runs: looks of an earlier one are no longer made.
        var phase = 0
        var isUp = false
        var status = ""
        var describe: @Sendable () -> String = { "" }
    }

    private let socket: NotifySocket?
    /// Between two signs of life; nil: none are wanted.
    private let watchdog: Duration?
    private let pulse: LoopPulse
    private let state = Mutex(State())
    /// Messages are sent in order, and only this queue waits for systemd.
    private let queue = DispatchQueue(label: "loket-supervisor")

    package init(
        environment: [String: String], process: Int32 = getpid(), pulse: LoopPulse = LoopPulse()
    ) {
        socket = NotifySocket(environment)
        self.pulse = pulse
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let wanted = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isForUs && wanted > 1 ? .microseconds(wanted / 2) : nil
    }

    // MARK: What happens

    /// The start goes on for as long as it takes: a database of an earlier version is brought up to
    /// date, and to end that would not make it faster.
    func starts() {
        enter("STATUS=opening the database", every: .seconds(Limits.startNoticeSeconds)) {
            $0.send(Self.extending(by: .seconds(2 * Limits.startNoticeSeconds)))
        }
    }

    /// Both listeners accept.
    ///
    /// - Parameter describe: how the service is, in a line; asked again and again.
    func isUp(_ describe: @escaping @Sendable () -> String) {
        state.withLock { state in
            state.describe = describe
            state.isUp = true
        }
        enter("READY=1", every: watchdog ?? .seconds(Limits.watchSeconds)) { supervisor in
            supervisor.describeAgain()
            if supervisor.watchdog != nil {
                supervisor.pulse.beat { supervisor.send("WATCHDOG=1") }
            }
        }
    }

    /// Reports a reload for as long as the work takes; before the service is up there is nothing
    /// to report, because READY=1 would report that it is.
    func reloads(_ work: () -> Void) {
        guard state.withLock(\.isUp) else { return work() }
        send("RELOADING=1")
        work()
        send("READY=1")
    }

    /// - Parameter limit: for which what is in flight is waited for.
    func stops(within limit: Duration) {
        state.withLock { $0.isUp = false }
        enter("STOPPING=1", every: nil) { supervisor in
            let whole = limit + .seconds(Limits.closingSeconds)
            supervisor.send(Self.extending(by: whole), "STATUS=stopping")
        }
    }

    // MARK: Messages

    /// Begins a phase: sends its message, and makes its look now and at each interval.
    private func enter(
        _ message: String, every interval: Duration?,
        look: @escaping @Sendable (Supervisor) -> Void
    ) {
        guard socket != nil else { return }
        let phase = state.withLock { state in
            state.phase += 1
            return state.phase
        }
        send(message)
        queue.async { self.look(phase, every: interval, look) }
    }

    private func look(
        _ phase: Int, every interval: Duration?, _ look: @escaping @Sendable (Supervisor) -> Void
    ) {
        guard state.withLock({ $0.phase }) == phase else { return }
        look(self)
        guard let interval else { return }
        queue.asyncAfter(deadline: .now() + interval.inSeconds) { [weak self] in
            self?.look(phase, every: interval, look)
        }
    }

    /// Sends how the service is, if that has changed.
    private func describeAgain() {
        let line = state.withLock(\.describe)()
        let isNew = state.withLock { state in
            defer { state.status = line }
            return state.status != line
        }
        if isNew { send("STATUS=\(line)") }
    }

    private func send(_ lines: String...) {
        guard let socket else { return }
        queue.async { socket.send(lines) }
    }

    private static func extending(by time: Duration) -> String {
        "EXTEND_TIMEOUT_USEC=\(time.microseconds)"
    }
}
