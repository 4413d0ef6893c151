// Answers that wait for the disk, on one connection: the order of requests is kept, and no request
// after a waiting one is lost or answered first.

import DokuSimulator
import TestSupport
import Testing

struct AnswerOrderTests {
    private typealias Gateway = HeldGateway

    @Test func `what follows a notification is answered after it`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            try await connection.send(
                Gateway.notification("one") + Gateway.inquiry("two") + Gateway.inquiry("three"))
            try await eventually { gateway.arrived == ["one"] }
            gateway.release()
            for text in ["one", "two", "three"] {
                #expect(try await connection.answer().text == text)
            }
            try await connection.send(Gateway.inquiry("four"))
            #expect(try await connection.answer().text == "four")
        }
    }

    @Test func `a request in a later write waits as well`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            try await connection.send(Gateway.notification("one"))
            try await eventually { gateway.arrived == ["one"] }
            try await connection.send(Gateway.inquiry("two"))
            gateway.release()
            #expect(try await connection.answer().text == "one")
            #expect(try await connection.answer().text == "two")
        }
    }

    @Test func `each of two notifications is answered when its own is on disk`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            try await connection.send(
                Gateway.notification("one") + Gateway.notification("two")
                    + Gateway.inquiry("three"))
            try await eventually { gateway.arrived == ["one"] }
            gateway.release()
            // The first answer does not wait until the second notification is on disk.
            let first = try await within(.seconds(10)) { try await connection.answer().text }
            #expect(first == "one")
            try await eventually { gateway.arrived == ["one", "two"] }
            gateway.release()
            #expect(try await connection.answer().text == "two")
            #expect(try await connection.answer().text == "three")
        }
    }

    @Test func `fifty notifications in one write are recorded one after another`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            let texts = (0..<50).map { "number \($0)" }
            try await connection.send(texts.flatMap(Gateway.notification))
            for place in texts.indices {
                try await eventually { gateway.arrived.count == place + 1 }
                gateway.release()
            }
            for text in texts { #expect(try await connection.answer().text == text) }
            #expect(gateway.arrived == texts)
        }
    }

    // MARK: Half a request after a notification

    private static let fronts: [(name: String, requests: [UInt8], held: Int)] = [
        ("a notification", Gateway.notification("one"), 1),
        ("two notifications", Gateway.notification("one") + Gateway.notification("two"), 2),
        (
            "a notification and an inquiry", Gateway.notification("one") + Gateway.inquiry("two"),
            1
        ),
        (
            "an inquiry and a notification", Gateway.inquiry("one") + Gateway.notification("two"),
            1
        ),
    ]

    /// The number of bytes that are sent first. They end in the first line, in a header line or in
    /// the body.
    @Test(.timeLimit(.minutes(2)), arguments: [7, 40, 90])
    func `half a request after a notification is timed from when it can be read`(
        bytes: Int
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for front in Self.fronts {
                group.addTask { try await expectTimeout(bytes, after: front) }
            }
            try await group.waitForAll()
        }
    }

    private func expectTimeout(
        _ bytes: Int, after front: (name: String, requests: [UInt8], held: Int)
    ) async throws {
        try await withHeldGateway(requestMilliseconds: 500) { gateway, _ in
            let connection = try await gateway.connect()
            let half = Gateway.inquiry(String(repeating: "x", count: 100)).prefix(bytes)
            try await connection.send(front.requests + half)
            try await eventually { gateway.arrived.count == 1 }
            // Longer than the time for a request, but the answer is late and not the sender.
            try await Task.sleep(for: .milliseconds(700))
            gateway.release()
            if front.held == 2 {
                try await eventually { gateway.arrived.count == 2 }
                gateway.release()
            }
            let answers = try? await within(.seconds(20)) {
                try await connection.answersUntilEnd().map(\.status)
            }
            #expect(answers?.last == 408, "after \(front.name)")
            #expect(answers?.dropLast().allSatisfy { $0 == 200 } == true, "\(front.name)")
        }
    }

    @Test func `a half request that is completed in its time is answered`() async throws {
        try await withHeldGateway { gateway, _ in
            let connection = try await gateway.connect()
            let next = Gateway.inquiry("two")
            try await connection.send(Gateway.notification("one") + next.prefix(30))
            try await eventually { gateway.arrived == ["one"] }
            gateway.release()
            #expect(try await connection.answer().text == "one")
            try await connection.send(next.dropFirst(30))
            #expect(try await connection.answer().text == "two")
        }
    }

    @Test func `a connection whose notification waits long is kept`() async throws {
        try await withHeldGateway(requestMilliseconds: 300) { gateway, _ in
            let connection = try await gateway.connect()
            for text in ["one", "two"] {
                try await connection.send(Gateway.notification(text))
                try await eventually { gateway.arrived.last == text }
                try await Task.sleep(for: .milliseconds(700))
                gateway.release()
                let answer = try await connection.answer()
                #expect(answer.text == text)
                #expect(answer.header("Connection") == nil)
                try await Task.sleep(for: .milliseconds(700))
            }
        }
    }
}
