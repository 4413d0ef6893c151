// A payment finds its bill by invoice number only, so no bill may have a number that an inquiry
// for another bill could return.

import LoketCore
import Testing

@testable import LoketStore

struct SuffixTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private static let suffix = "0123456789"

    /// In each pair, the second number could be an inquiry's number for the first.
    static let alike = [
        ("INV-1", "INV-1-0123456789"), ("A", "A-ZZZZZZZZZZ"), ("-", "--ABCDEFGHJK"),
        (String(repeating: "n", count: 53), String(repeating: "n", count: 53) + "-0123456789"),
        ("INV-1-0123456789", "INV-1-0123456789-0123456789"), ("%_", "%_-0123456789"),
    ]

    @Test(arguments: alike)
    func `numbers that could be confused are refused in either order`(
        own: String, suffixed: String
    ) async throws {
        for (first, second) in [(own, suffixed), (suffixed, own)] {
            let fresh = try OpenStore()
            try await fresh.create(Sample.draft(first, code: "8896511"))
            let like = BillConflict.Cause.invoiceNumberLikeSuffixed(
                other: try Sample.number(first))
            await #expect(throws: BillConflict(index: 0, cause: like)) {
                try await fresh.create(Sample.draft(second, code: "8896512"))
            }
            #expect(try RawDatabase.count(fresh.path, "bill") == 1)
        }
    }

    /// These numbers only look similar: the suffix has another length or alphabet.
    static let distinct = [
        ("INV-1", "INV-1-012345678"), ("INV-1", "INV-1-01234567890"),
        ("INV-1", "INV-1-012345678a"), ("INV-1", "INV-1-012345678I"),
        ("INV-1", "INV-1-012345678U"), ("INV-1", "INV-1.0123456789"),
        ("INV-1", "INV-10123456789"), ("INV-1", "INV-1--123456789"),
        ("INV-1", "inv-1-0123456789"), ("INV-1", "XINV-1-0123456789"),
        ("INV-1", "INV-10-0123456789"), ("INV_1", "INVX1-0123456789"),
        (String(repeating: "n", count: 54), String(repeating: "n", count: 53) + "-012345678"),
    ]

    @Test(arguments: distinct)
    func `numbers that cannot be confused are both created`(
        own: String, other: String
    ) async throws {
        for (first, second) in [(own, other), (other, own)] {
            let fresh = try OpenStore()
            try await fresh.create(Sample.draft(first, code: "8896511"))
            try await fresh.create(Sample.draft(second, code: "8896512"))
            #expect(try RawDatabase.count(fresh.path, "bill") == 2)
        }
    }

    @Test func `the rule applies within one batch too`() async throws {
        let drafts = try [
            Sample.draft("INV-1", code: "8896511"),
            Sample.draft("INV-1-\(Self.suffix)", code: "8896512"),
        ]
        let like = BillConflict.Cause.invoiceNumberLikeSuffixed(other: try Sample.number("INV-1"))
        await #expect(throws: BillConflict(index: 1, cause: like)) {
            try await open.store.create(drafts.map { (open.account, $0) }, now: Sample.now)
        }
        #expect(try RawDatabase.count(open.path, "bill") == 0)
    }

    @Test func `a closed bill's number still counts, for a late payment`() async throws {
        try await open.createCancelled(Sample.draft("INV-1"))
        await #expect(throws: BillConflict.self) {
            try await open.create(Sample.draft("INV-1-\(Self.suffix)"))
        }
    }

    @Test func `another account's numbers do not count`() async throws {
        try await open.create(Sample.draft("INV-1"), account: open.secondAccount())
        try await open.create(Sample.draft("INV-1-\(Self.suffix)"))
        #expect(try RawDatabase.count(open.path, "bill") == 2)
    }
}
