// Reports the state of the service to systemd, if systemd started it: starting, ready, reloading or
// stopping, a status line, and regularly a watchdog message while the service can answer. Without
// NOTIFY_SOCKET nothing is sent.

import Dispatch
import Foundation
import LoketCore
import LoketRuntime
import LoketSystem
import Synchronization

package final class Supervisor: Sendable {
    private struct State {
        /// The number of the current phase. Repeated work of earlier phases ends.
        var phase = 0
        var isUp = false
        var status = ""
        var describe: @Sendable () -> String = { "" }
    }

    private let socket: NotifySocket?
    /// The time between two watchdog messages; nil if systemd does not expect them.
    private let watchdog: Duration?
    private let pulse: LoopPulse
    private let state = Mutex(State())
    /// The queue that sends messages in order. Only this queue waits for systemd.
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

    // MARK: States

    /// Reports the start, and extends systemd's time limit until the start is done. A start may
    /// migrate the database of an earlier version; a restart would not make that faster.
    func starts() {
        enter("STATUS=opening the database", every: .seconds(Limits.startNoticeSeconds)) {
            $0.send(Self.extending(by: .seconds(2 * Limits.startNoticeSeconds)))
        }
    }

    /// Reports that both listeners accept connections.
    ///
    /// - Parameter describe: returns the state of the service in one line; called repeatedly.
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

    /// Reports a reload while the work runs. Before the service is up it reports nothing, because
    /// READY=1 at the end would report that the service is up.
    func reloads(_ work: () -> Void) {
        guard state.withLock(\.isUp) else { return work() }
        send("RELOADING=1")
        work()
        send("READY=1")
    }

    /// Reports a stop.
    ///
    /// - Parameter limit: the maximum time for the requests in progress.
    func stops(within limit: Duration) {
        state.withLock { $0.isUp = false }
        enter("STOPPING=1", every: nil) { supervisor in
            let whole = limit + .seconds(Limits.closingSeconds)
            supervisor.send(Self.extending(by: whole), "STATUS=stopping")
        }
    }

    // MARK: Messages

    /// Begins a phase: sends its message, and runs `look` now and at each interval.
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

    /// Sends the status line, if it has changed.
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
