// Inquiries at a fixed rate, each timed from the moment at which it was due. An inquiry whose
// connection still waits for an answer is sent late, and the delay is part of its time.
//
// One thread asks every connection for its answer without a pause, and so needs a core for itself. A
// thread that sleeps until an inquiry is due would measure how late it wakes.

import DokuSimulator
import Foundation
import LoketCore
import NIOCore

struct PacedLoad: Sendable {
    let port: Int
    let connections: Int
    /// The inquiries per second of all connections together.
    let perSecond: Double

    func run(
        _ shots: [LoadGenerator.PreparedRequest], for duration: Duration
    ) async throws -> LoadGenerator.Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try poll(shots, for: duration) })
            }
        }
    }

    private func poll(
        _ shots: [LoadGenerator.PreparedRequest], for duration: Duration
    ) throws -> LoadGenerator.Result {
        var lines: [PacedConnection] = []
        defer { for line in lines { line.close() } }
        for index in 0..<connections {
            lines.append(
                try PacedConnection(to: port, first: index * shots.count / connections))
        }
        var result = LoadGenerator.Result()
        let interval = Duration.seconds(1 / perSecond)
        let end = ContinuousClock.now + duration
        var (due, turn) = (ContinuousClock.now, 0)
        while true {
            let now = ContinuousClock.now
            while due <= now, due < end {
                lines[turn].due.append(due)
                turn = (turn + 1) % lines.count
                due += interval
            }
            var isWaiting = false
            for index in lines.indices {
                try lines[index].advance(shots, &result)
                isWaiting = isWaiting || !lines[index].due.isEmpty
            }
            if due >= end, !isWaiting { break }
        }
        result.seconds = duration / .seconds(1)
        return result
    }
}

/// One connection, with one inquiry at a time.
private struct PacedConnection {
    /// The moments at which its inquiries were due, of which the first may be sent.
    var due: CircularBuffer<ContinuousClock.Instant> = []
    private let socket: Int32
    private var isSent = false
    private var next: Int
    private var received = ByteBuffer()

    private static let answerMax = 4096

    init(to port: Int, first: Int) throws {
        next = first
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw fault("connect") }
        var isOn: Int32 = 1
        setsockopt(
            socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    func close() { _ = Foundation.close(socket) }

    /// Takes an answer that has arrived, and sends the next inquiry that is due.
    mutating func advance(
        _ shots: [LoadGenerator.PreparedRequest], _ result: inout LoadGenerator.Result
    ) throws {
        if isSent { try takeAnswer(shots, &result) }
        guard !isSent, !due.isEmpty else { return }
        let sent = shots[next].bytes.withUnsafeReadableBytes {
            send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == shots[next].bytes.readableBytes else { throw fault("send") }
        isSent = true
    }

    private mutating func takeAnswer(
        _ shots: [LoadGenerator.PreparedRequest], _ result: inout LoadGenerator.Result
    ) throws {
        let count = received.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.answerMax) {
            max(0, recv(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)))
        }
        guard count > 0 else {
            guard errno == EAGAIN else { throw fault("recv") }
            return
        }
        guard let status = AnswerFrame.take(from: &received) else { return }
        let time = ContinuousClock.now - due.removeFirst()
        result.latencies.add(microseconds: time.microseconds)
        if status != shots[next].expectedStatus { result.wrongAnswers += 1 }
        next = (next + 1) % shots.count
        isSent = false
    }

    private func fault(_ call: String) -> BenchFailure {
        BenchFailure("\(call): \(String(cString: strerror(errno)))")
    }
}
