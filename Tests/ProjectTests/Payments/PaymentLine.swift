// Senders on threads of their own: one that keeps its connection and opens another when it breaks,
// a crew of them side by side, and a volley that is in the service's hands all at once.

import DokuSimulator
import Foundation
import Synchronization
import TestSupport

struct PaymentLine {
    private let desk: PaymentDesk
    private var connection: Connection?

    init(to desk: PaymentDesk) {
        self.desk = desk
    }

    /// Sends once, on the connection that is there.
    ///
    /// - Throws: if it breaks before the answer is whole; the next call opens another.
    mutating func tell(_ request: DokuRequest) throws -> DokuAnswer {
        let current = try connection ?? Connection(port: desk.gatewayPort)
        connection = nil
        let answer = try current.ask(request)
        if answer.header("Connection")?.lowercased() != "close" { connection = current }
        return answer
    }

    /// Sends until it is taken, as DOKU does, only sooner.
    ///
    /// - Throws: at any answer but a 2xx and 503, or when nobody takes it for too long.
    mutating func deliver(_ request: DokuRequest) throws -> DokuAnswer {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if let answer = try? tell(request) {
                if (200..<300).contains(answer.status) { return answer }
                guard answer.status == 503 else {
                    throw NeverHappened(description: "answered \(answer.status)")
                }
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
        throw NeverHappened(description: "nobody took the notification")
    }
}

enum PaymentCrew {
    /// Does pieces of work on as many threads as there are lines; whoever is done takes the next.
    ///
    /// - Parameter work: does the piece of this number; false ends the sender.
    static func work(
        _ pieces: Int, lines: Int, at desk: PaymentDesk,
        _ work: @escaping @Sendable (Int, inout PaymentLine) throws -> Bool
    ) async throws {
        let next = PaymentCounter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lines {
                group.addTask {
                    try await blocking {
                        var line = PaymentLine(to: desk)
                        var piece = next.increment()
                        while piece <= pieces, try work(piece - 1, &line) {
                            piece = next.increment()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Requests that go out on connections of their own, all of them before any answer is read.
struct PaymentVolley: Sendable {
    private let connections: [Connection]

    init(_ count: Int, at desk: PaymentDesk) throws {
        connections = try (0..<count).map { _ in try Connection(port: desk.gatewayPort) }
    }

    /// - Parameter requests: as many as there are connections.
    /// - Returns: their answers in the same order.
    func fire(_ requests: [DokuRequest]) async throws -> [DokuAnswer] {
        precondition(requests.count == connections.count, "one request for each connection")
        return try await blocking { [connections] in
            let shots = requests.map { Connection.bytes(of: $0) }
            for (connection, shot) in zip(connections, shots) { try connection.send(shot) }
            return try connections.map { try $0.answer() }
        }
    }
}

/// A number that several threads count up.
final class PaymentCounter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .acquiring) }

    /// - Returns: the number after it.
    @discardableResult func increment() -> Int {
        number.add(1, ordering: .acquiringAndReleasing).newValue
    }
}

/// What came back for each of a list of requests, however often it was sent.
final class PaymentAnswers: Sendable {
    private struct State {
        var bodies: [Int: [UInt8]] = [:]
        var count = 0
        var differing: Set<Int> = []
    }

    private let state = Mutex(State())

    /// 2xx answers so far.
    var count: Int { state.withLock { $0.count } }
    /// Requests that got a 2xx.
    var answered: Set<Int> { state.withLock { Set($0.bodies.keys) } }
    /// Requests that were answered in more than one way.
    var differing: Set<Int> { state.withLock { $0.differing } }

    func add(_ answer: DokuAnswer, to request: Int) {
        state.withLock { state in
            state.count += 1
            if let first = state.bodies[request] {
                if first != answer.body { state.differing.insert(request) }
            } else {
                state.bodies[request] = answer.body
            }
        }
    }
}
