// What connections have sent, in the order in which it is handled: senders take turns, one read
// each, so that one who sends without end on many connections does not hold up the others. While
// several ask, or the journal cannot keep up, a sender has one turn in a millisecond or until another
// sender comes, and the rest of what is sent waits with its sender.

import LoketCore
import LoketRuntime
import NIOCore

/// Belongs to its event loop.
final class TurnQueue {
    /// Whose turn it is: an address that a client has. Each connection of a proxy is one of its own.
    enum Sender: Hashable {
        case address(NetworkAddress)
        case connection(ObjectIdentifier)
    }

    private enum State {
        case idle
        /// Work begins after everything that this turn of the loop reads.
        case due
        case paused(Scheduled<Void>)
    }

    private let loop: NIOIsolatedEventLoop
    private let isBehind: () -> Bool
    private var state = State.idle
    private var turns: CircularBuffer<Sender> = []
    private var waiting: [Sender: CircularBuffer<ArrivalHandler>] = [:]
    private var lastSender: Sender?
    /// When requests of two senders were queued one after the other.
    private var mixedAt: NIODeadline?

    /// - Parameter isBehind: whether the journal cannot keep up.
    init(_ loop: any EventLoop, isBehind: @escaping () -> Bool) {
        self.loop = loop.assumeIsolated()
        self.isBehind = isBehind
    }

    /// - Parameter handler: has one more read to handle.
    func add(_ handler: ArrivalHandler, of sender: Sender, at now: NIODeadline) {
        if sender != lastSender {
            mixedAt = lastSender == nil ? nil : now
            lastSender = sender
        }
        let isNew = waiting[sender] == nil
        waiting[sender, default: []].append(handler)
        // A sender that has a turn already waits for it.
        guard isNew else { return }
        turns.append(sender)
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
        while !turns.isEmpty, turnsLeft > 0, NIODeadline.now() < end {
            handleNext()
            turnsLeft -= 1
        }
        guard !turns.isEmpty else {
            state = .idle
            return
        }
        // A task that is due now would run before the loop reads again.
        let pause = max(
            .microseconds(Limits.betweenTurnsMicroseconds), isPaced ? end - .now() : .zero)
        state = .paused(loop.scheduleTask(in: pause) { self.work() })
    }

    private func handleNext() {
        guard let sender = turns.popFirst(), let handler = waiting[sender]?.popFirst() else {
            return
        }
        if waiting[sender]?.isEmpty == false {
            turns.append(sender)
        } else {
            waiting[sender] = nil
        }
        handler.handleNext()
    }
}
