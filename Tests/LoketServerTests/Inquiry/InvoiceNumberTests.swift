// The invoice number of an answer: the bill's own, or a number made for this inquiry.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct InvoiceNumberTests {
    private static let single = "88965110000001"
    private static let reusable = "88965110000002"

    private static let settings: [(InvoicePerInquiry, String, Bool)] = [
        (.never, single, false), (.never, reusable, false),
        (.reusable, single, false), (.reusable, reusable, true),
        (.always, single, true), (.always, reusable, true),
    ]

    @Test(arguments: settings)
    func `the setting says which bills answer with a number of the inquiry`(
        setting: InvoicePerInquiry, code: String, suffixes: Bool
    ) async throws {
        try await withBills(setting) { desk in
            let own = code == Self.single ? "INV-1" : "TOPUP-1"
            let number = try Self.number(in: try desk.ask(code))
            #expect(suffixes ? number.hasPrefix(own + "-") : number == own)
            if suffixes {
                #expect(number.utf8.count == own.utf8.count + 11)
                #expect(InvoiceNumber(number)?.withoutSuffix?.text == own)
            }
        }
    }

    @Test func `the same request gets the same bytes while its bill does not change`() async throws
    {
        try await withBills(.reusable) { desk in
            for code in [Self.single, Self.reusable] {
                let request = Shop.doku.inquiry(code, at: InquiryDesk.now)
                let first = try desk.ask(request)
                let later = try desk.ask(
                    request, now: InquiryDesk.now.adding(milliseconds: 1_234_567))
                #expect(first.body == later.body)
                #expect(first.status == later.status)
                #expect(Shop.doku.signature(of: later, to: request) == .verified)
            }
        }
    }

    @Test func `another id, date or code gives another number`() async throws {
        try await withBills(.reusable) { desk in
            try desk.seed([.sample("88965110000003", "TOPUP-1B") { $0.reusable = true }])
            func ask(_ id: String, _ date: String, _ code: String = Self.reusable) throws -> String
            {
                try Self.number(
                    in: try desk.ask(
                        Shop.doku.inquiry(code, date: date, requestID: id, at: InquiryDesk.now)))
            }
            let first = try ask("id-1", "2020-08-11T08:45:42Z")
            #expect(try ask("id-1", "2020-08-11T08:45:42Z") == first)
            let others = [
                try ask("id-2", "2020-08-11T08:45:42Z"), try ask("id-1", "2020-08-11T08:45:43Z"),
                try ask("id-1", ""),
                try ask("id-1", "2020-08-11T08:45:42Z", "88965110000003"),
            ]
            #expect(Set(others.map { $0.suffix(10) } + [first.suffix(10)]).count == 5)
        }
    }

    /// Computed elsewhere: base32 of the first 50 bits of SHA-256("id-1\n88965110000002\nDATE").
    @Test func `the suffix is 50 bits of a hash in base32`() async throws {
        let expected = try Self.suffix(of: "id-1\n\(Self.reusable)\n2020-08-11T08:45:42Z")
        try await withBills(.reusable) { desk in
            let request = Shop.doku.inquiry(
                Self.reusable, date: "2020-08-11T08:45:42Z", requestID: "id-1",
                at: InquiryDesk.now)
            let answered = try Self.number(in: try desk.ask(request))
            let journaled = try await desk.journaled().first?.invoiceNumber
            #expect(answered == "TOPUP-1-" + expected)
            #expect(journaled == answered)
        }
    }

    @Test func `an inquiry is declined if its number has no room for a suffix`() async throws {
        try await withDesk { desk in
            let longest = String(repeating: "A", count: 53)
            try desk.seed([
                .sample(Self.single, longest) { $0.reusable = true },
                .sample(Self.reusable, longest + "B") { $0.reusable = true },
            ])
            #expect(try Self.number(in: try desk.ask(Self.single)).utf8.count == 64)
            #expect(try desk.ask(Self.reusable).status == 400)
            #expect(
                try await desk.journaled().map(\.answeredBy) == [.payable, .noRoomForSuffix])
        }
    }

    private func withBills(
        _ setting: InvoicePerInquiry, _ body: (InquiryDesk) async throws -> Void
    ) async throws {
        try await withDesk(more: "invoice_per_inquiry: \(setting.rawValue)") { desk in
            try desk.seed([
                .sample(Self.single, "INV-1"),
                .sample(Self.reusable, "TOPUP-1") { $0.reusable = true },
            ])
            try await body(desk)
        }
    }

    private static func number(in answer: DokuAnswer) throws -> String {
        let root = try StrictJSON(answer.body).root
        return try #require(root["order"]?["invoice_number"]?.string)
    }

    /// Computed by `sha256sum`, bit by bit.
    private static func suffix(of text: String) throws -> String {
        let hex = try Program.run("sha256sum", input: text.utf8)
        let bits = hex.prefix(16).flatMap { digit -> [Character] in
            let text = String(digit.hexDigitValue ?? 0, radix: 2)
            return Array(String(repeating: "0", count: 4 - text.count) + text)
        }
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        return try (0..<10).map { place in
            let five = String(bits[place * 5..<place * 5 + 5])
            return String(alphabet[try #require(Int(five, radix: 2))])
        }.joined()
    }
}
