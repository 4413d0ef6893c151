// The queue of received bytes that wait to be handled. Senders take turns, one read each, so that a
// sender with many busy connections does not delay the others. While several senders are active, or
// while the journal cannot keep up, each sender has one turn; then the queue pauses for a
// millisecond or until another sender's bytes arrive. Bytes not yet read stay with their sender.

import LoketCore
import LoketRuntime
import NIOCore

/// Used only on its event loop.
final class TurnQueue {
    /// The sender that a turn belongs to: a client address. Each connection of a proxy counts as a
    /// separate sender.
    enum Sender: Hashable {
        case address(NetworkAddress)
        case connection(ObjectIdentifier)
    }

    /// The waiting reads of one sender's connections.
    final class Line {
        fileprivate let sender: Sender
        fileprivate var connections = 0
        fileprivate var reads: CircularBuffer<ArrivalHandler> = []

        fileprivate init(of sender: Sender) {
            self.sender = sender
        }
    }

    private enum State {
        case idle
        /// Work starts after this turn of the loop has read all its sockets.
        case due
        case paused(Scheduled<Void>)
    }

    private let loop: NIOIsolatedEventLoop
    private let isBehind: () -> Bool
    private let around: (() -> Void) -> Void
    private var state = State.idle
    /// The lines that are not empty, each once.
    private var turns: CircularBuffer<Line> = []
    /// The lines of all senders that have a connection.
    private var lines: [Sender: Line] = [:]
    /// The line of the last read that was queued.
    private var last: Line?
    /// The handlers whose reads this turn has processed.
    private var handled: [ArrivalHandler] = []
    /// When reads of two different senders were last queued in succession.
    private var mixedAt: NIODeadline?

    /// - Parameters:
    ///   - isBehind: whether the journal cannot keep up.
    ///   - around: called with the work of each turn.
    init(
        _ loop: any EventLoop, isBehind: @escaping () -> Bool,
        around: @escaping (() -> Void) -> Void = { $0() }
    ) {
        self.loop = loop.assumeIsolated()
        self.isBehind = isBehind
        self.around = around
    }

    /// Returns the line of a new connection, which leaves it at its end.
    func join(as sender: Sender) -> Line {
        let line = lines[sender] ?? Line(of: sender)
        lines[sender] = line
        line.connections += 1
        return line
    }

    func leave(_ line: Line) {
        line.connections -= 1
        if line.connections == 0 { lines[line.sender] = nil }
    }

    /// - Parameter handler: the handler that has one more read to process.
    func add(_ handler: ArrivalHandler, to line: Line, at now: NIODeadline) {
        if line !== last {
            // A sender whose connections all ended has a new line for its next one.
            if line.sender != last?.sender { mixedAt = last == nil ? nil : now }
            last = line
        }
        line.reads.append(handler)
        // A sender that already waits for a turn does not get a second one.
        guard line.reads.count == 1 else { return }
        turns.append(line)
        switch state {
        case .due: return
        case .paused(let pause): pause.cancel()
        case .idle: break
        }
        state = .due
        loop.execute { self.work() }
    }

    private func work() {
        let began = NIODeadline.now()
        let end = began + .microseconds(Limits.turnMicroseconds)
        let isBehind = isBehind()
        var turnsLeft = Int.max
        if isBehind {
            turnsLeft = min(turns.count, Limits.slowTurnReadsMax)
        } else if let mixedAt, began - mixedAt < .seconds(1) {
            turnsLeft = turns.count
        }
        let isPaced = turnsLeft < .max
        around {
            while !turns.isEmpty, turnsLeft > 0, NIODeadline.now() < end {
                handleNext()
                turnsLeft -= 1
            }
        }
        // Replies leave together: to wake a waiting client for each costs as much as its look-up.
        for handler in handled { handler.completeRead() }
        handled.removeAll(keepingCapacity: true)
        guard !turns.isEmpty else {
            state = .idle
            return
        }
        // A task without delay would run before the loop reads its sockets again.
        let pause = max(
            .microseconds(Limits.betweenTurnsMicroseconds), isPaced ? end - .now() : .zero)
        state = .paused(loop.scheduleTask(in: pause) { self.work() })
    }

    private func handleNext() {
        guard let line = turns.popFirst(), let handler = line.reads.popFirst() else { return }
        if !line.reads.isEmpty { turns.append(line) }
        handler.handleNext()
        handled.append(handler)
    }
}
