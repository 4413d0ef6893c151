// What connections have sent, in the order in which it is handled: senders take turns, one read
// each, so that one who sends without end on many connections does not hold up the others. After a
// millisecond the loop looks for what has come meanwhile. While the journal cannot keep up, a sender
// has one turn in a millisecond, and what he sends waits with him.

import LoketCore
import NIOCore

/// Belongs to its event loop.
final class TurnQueue {
    /// Whose turn it is: an address that a client has. Each connection of a proxy is one of its own.
    enum Sender: Hashable {
        case address(NetworkAddress)
        case connection(ObjectIdentifier)
    }

    private let loop: NIOIsolatedEventLoop
    private var turns: CircularBuffer<Sender> = []
    private var waiting: [Sender: CircularBuffer<ArrivalHandler>] = [:]
    private var isScheduled = false
    private let isBehind: () -> Bool

    /// - Parameter isBehind: whether the journal cannot keep up.
    init(_ loop: any EventLoop, isBehind: @escaping () -> Bool) {
        self.loop = loop.assumeIsolated()
        self.isBehind = isBehind
    }

    /// - Parameter handler: has one more read to handle.
    func add(_ handler: ArrivalHandler, of sender: Sender) {
        if waiting[sender] == nil { turns.append(sender) }
        waiting[sender, default: []].append(handler)
        guard !isScheduled else { return }
        isScheduled = true
        // After everything that this turn of the loop reads.
        loop.execute { self.work() }
    }

    private func work() {
        let end = NIODeadline.now() + .microseconds(Limits.turnMicroseconds)
        if isBehind() {
            for _ in 0..<min(turns.count, Limits.slowTurnReadsMax) { handleNext() }
            return goOn(in: Limits.slowTurnsMicroseconds)
        }
        while !turns.isEmpty {
            handleNext()
            // A task that is due at once would run before the loop reads again.
            if NIODeadline.now() >= end { return goOn(in: Limits.betweenTurnsMicroseconds) }
        }
        isScheduled = false
    }

    private func goOn(in microseconds: Int64) {
        isScheduled = !turns.isEmpty
        guard isScheduled else { return }
        loop.scheduleTask(in: .microseconds(microseconds)) { self.work() }
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
