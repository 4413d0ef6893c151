// The faults that the Check Status desk can simulate: wrong, late and missing answers.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct CheckStatusMannerTests {
    private typealias Client = CheckStatusClient

    private static let question = Client.request(Client.path + "INV-1")

    private func notice(_ number: String, amount: Int64 = 150_000) -> PaymentNotice {
        PaymentNotice(
            invoiceNumber: number, amount: amount, paymentCode: "88965112345678",
            date: "2020-08-11T08:44:00Z")
    }

    private func makeDesk() async throws -> CheckStatusServer {
        let now = try #require(Moment(dokuTimestamp: Client.now))
        let desk = try await CheckStatusServer.start(
            clientID: Client.clientID, secret: Sample.secretText, now: { now })
        desk.put(notice("INV-1"))
        desk.put(notice("INV-2"))
        return desk
    }

    @Test func `all answers can be unsigned, wrongly signed or failing`() async throws {
        let desk = try await makeDesk()
        desk.answer(.unsigned)
        let unsigned = try await Client.ask(Self.question, at: desk)
        #expect(unsigned.status == 200)
        #expect(unsigned.header("Signature") == nil)
        #expect(unsigned.body == notice("INV-1").body)

        desk.answer(.wronglySigned)
        let wrong = try await Client.ask(Self.question, at: desk)
        #expect(wrong.status == 200)
        #expect(wrong.header("Signature")?.hasPrefix("HMACSHA256=") == true)
        #expect(!Client.isSigned(wrong, as: Self.question))

        desk.answer(.failing)
        #expect(try await Client.ask(Self.question, at: desk).status == 500)
        let forged = Client.request(Client.path + "INV-1") { $0 + [0x0A] }
        #expect(try await Client.ask(forged, at: desk).status == 401)

        desk.answer(.signed)
        let signed = try await Client.ask(Self.question, at: desk)
        #expect(Client.isSigned(signed, as: Self.question))
        #expect(desk.requests == ["INV-1": 4])
        #expect(desk.refusals == ["invalid_signature"])
        try await desk.stop()
    }

    @Test func `one invoice may have its own manner`() async throws {
        let desk = try await makeDesk()
        desk.answer(.failing, for: "INV-1")
        desk.answer(.unsigned)
        let answers = try await Client.ask(
            [Self.question, Client.request(Client.path + "INV-2", id: "id-2")], at: desk)
        #expect(answers.map(\.status) == [500, 200])
        desk.answer(.failing)
        desk.answer(.signed, for: "INV-1")
        #expect(try await Client.ask(Self.question, at: desk).status == 200)
        try await desk.stop()
    }

    @Test func `a held answer waits until it is released`() async throws {
        let desk = try await makeDesk()
        desk.hold()
        async let first = Client.ask(Self.question, at: desk)
        async let second = Client.ask(Client.request(Client.path + "INV-2"), at: desk)
        try await eventually("both wait") { desk.heldCount == 2 }
        #expect(desk.requests == ["INV-1": 1, "INV-2": 1])
        desk.put(notice("INV-1", amount: 99))
        desk.release()
        let answers = try await [first, second]
        #expect(answers[0].body == notice("INV-1", amount: 99).body)
        #expect(answers[1].status == 200)
        #expect(desk.heldCount == 0)
        #expect(try await Client.ask(Self.question, at: desk).status == 200)
        try await desk.stop()
    }

    @Test func `one connection accepts several requests, answered in order`() async throws {
        let desk = try await makeDesk()
        let questions = (0..<20).map {
            Client.request(Client.path + "INV-\($0)", id: "id-\($0)")
        }
        let answers = try await Client.ask(questions, at: desk)
        #expect(answers.map { $0.header("Request-Id") } == (0..<20).map { "id-\($0)" })
        #expect(answers.filter { $0.status == 200 }.count == 2)
        try await desk.stop()
    }

    @Test func `concurrent requests are counted correctly`() async throws {
        let desk = try await makeDesk()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let question = Client.request(
                        Client.path + "INV-\(1 + index % 2)", id: "id-\(index)")
                    return try await Client.ask(question, at: desk).status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(desk.requests == ["INV-1": 20, "INV-2": 20])
        #expect(desk.targets.count == 40)
        try await desk.stop()
    }

    @Test func `after a stop no request is answered, and a held one gets nothing`() async throws {
        let desk = try await makeDesk()
        desk.hold()
        async let held = Client.ask([Self.question], at: desk)
        try await eventually("it waits") { desk.heldCount == 1 }
        try await desk.stop()
        let answers = try? await held
        #expect(answers?.isEmpty != false)
        await #expect(throws: Connection.Failed.self) {
            try await Client.ask([Self.question], at: desk)
        }
    }
}
