// What connections have sent, in the order in which it is handled: senders take turns, one read
// each, so that one who sends without end on many connections does not hold up the others. After a
// millisecond the loop looks for what has come meanwhile.

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

    init(_ loop: any EventLoop) {
        self.loop = loop.assumeIsolated()
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
        while let sender = turns.popFirst() {
            guard let handler = waiting[sender]?.popFirst() else { continue }
            if waiting[sender]?.isEmpty == false {
                turns.append(sender)
            } else {
                waiting[sender] = nil
            }
            handler.handleNext()
            guard !turns.isEmpty, NIODeadline.now() >= end else { continue }
            // A task that is due at once would run before the loop reads again.
            loop.scheduleTask(in: .microseconds(Limits.betweenTurnsMicroseconds)) { self.work() }
            return
        }
        isScheduled = false
    }
}
