// Verified bodies that cannot be understood: a signed decline with a status and nothing more.

import DokuSimulator
import LoketCore
import Testing

struct UnreadableTests {
    /// One of each kind; O2OInquiryTests and the tests of strict JSON cover the others.
    private static let unreadable: [String] = [
        "", "{}", body(service: "{\"id\":1}"),
        body(info: "{\"payment_code\":\"1\",\"payment_code\":\"1\"}"), body() + "x",
        String(repeating: "[", count: 16_000),
    ]

    private static func body(
        service: String = "{\"id\":\"ONLINE_TO_OFFLINE\"}",
        channel: String = "{\"id\":\"ONLINE_TO_OFFLINE_ALFA\"}",
        info: String = "{\"payment_code\":\"88965110000001\"}"
    ) -> String {
        "{\"service\":\(service),\"channel\":\(channel),\"online_to_offline_info\":\(info)}"
    }

    @Test(arguments: unreadable.indices)
    func `an unreadable inquiry is declined with the status only`(_ index: Int) async throws {
        let body = Self.unreadable[index]
        try await withDesk { desk in
            let request = Shop.doku.signed(Array(body.utf8), at: InquiryDesk.now)
            expectSigned(
                try desk.ask(request), to: request, status: 400,
                body: #"{"online_to_offline_inquiry":{"status":"decline"}}"#)
            let entry = try #require(try await desk.journaled().first)
            #expect(entry.answeredBy == .unreadable)
            #expect(entry.codeText == nil)
        }
    }

    private static let foreign: [(Guard, String)] = [
        (.serviceUnknown, body(service: "{\"id\":\"VIRTUAL_ACCOUNT\"}")),
        (.serviceUnknown, body(service: "{\"id\":\"online_to_offline\"}")),
        (.serviceUnknown, body(service: "{\"id\":\"\"}", channel: "{\"id\":\"?\"}")),
        (.channelUnknown, body(channel: "{\"id\":\"ONLINE_TO_OFFLINE_LAWSON\"}")),
        (.channelUnknown, body(channel: "{\"id\":\"\"}")),
    ]

    @Test(arguments: foreign)
    func `another service or channel is declined with the code`(
        answeredBy: Guard, body: String
    ) async throws {
        try await withDesk { desk in
            let request = Shop.doku.signed(Array(body.utf8), at: InquiryDesk.now)
            expectSigned(
                try desk.ask(request), to: request, status: 400,
                body: """
                    {"online_to_offline_info":{"payment_code":"88965110000001"},\
                    "online_to_offline_inquiry":{"status":"decline"}}
                    """)
            #expect(try await desk.journaled().map(\.answeredBy) == [answeredBy])
        }
    }

    @Test func `a channel is found by the spelling in the settings`() async throws {
        try await withDesk(more: "channels: { alfa: { id: ALFA_TWO } }") { desk in
            try desk.seed([.sample("88965110000001", "INV-1")])
            let renamed = Self.body(channel: "{\"id\":\"ALFA_TWO\"}")
            let request = Shop.doku.signed(Array(renamed.utf8), at: InquiryDesk.now)
            #expect(try desk.ask(request).status == 200)
            #expect(try desk.ask("88965110000001").status == 400)
        }
    }
}
