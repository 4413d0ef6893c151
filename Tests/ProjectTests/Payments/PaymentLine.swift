// Senders on separate threads: one that keeps its connection and reconnects if it breaks, several
// such senders in parallel, and many requests that the service receives at the same time.

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

    /// Sends once on the present connection.
    ///
    /// - Throws: If the connection breaks before the answer is complete; the next call reconnects.
    mutating func tell(_ request: DokuRequest) throws -> DokuAnswer {
        let current = try connection ?? Connection(port: desk.gatewayPort)
        connection = nil
        let answer = try current.ask(request)
        if answer.header("Connection")?.lowercased() != "close" { connection = current }
        return answer
    }

    /// Repeats until the request is accepted, like DOKU but at shorter intervals.
    ///
    /// - Throws: If an answer is neither 2xx nor 503, or if the time limit is reached.
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
    /// Runs work items on as many threads as there are lines; a free thread takes the next item.
    ///
    /// - Parameter work: Runs the item with this number; returns false to end the sender.
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

/// Requests on separate connections, all sent before any answer is read.
struct PaymentVolley: Sendable {
    private let connections: [Connection]

    init(_ count: Int, at desk: PaymentDesk) throws {
        connections = try (0..<count).map { _ in try Connection(port: desk.gatewayPort) }
    }

    /// - Parameter requests: As many as there are connections.
    /// - Returns: The answers in the same order.
    func fire(_ requests: [DokuRequest]) async throws -> [DokuAnswer] {
        precondition(requests.count == connections.count, "one request for each connection")
        return try await blocking { [connections] in
            let shots = requests.map { Connection.bytes(of: $0) }
            for (connection, shot) in zip(connections, shots) { try connection.send(shot) }
            return try connections.map { try $0.answer() }
        }
    }
}

/// A counter for several threads.
final class PaymentCounter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .acquiring) }

    /// - Returns: The increased number.
    @discardableResult func increment() -> Int {
        number.add(1, ordering: .acquiringAndReleasing).newValue
    }
}

/// The answers to each of a list of requests, which may be sent repeatedly.
final class PaymentAnswers: Sendable {
    private struct State {
        var bodies: [Int: [UInt8]] = [:]
        var count = 0
        var differing: Set<Int> = []
    }

    private let state = Mutex(State())

    /// The number of 2xx answers so far.
    var count: Int { state.withLock { $0.count } }
    /// The requests with a 2xx answer.
    var answered: Set<Int> { state.withLock { Set($0.bodies.keys) } }
    /// The requests with different answers.
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
