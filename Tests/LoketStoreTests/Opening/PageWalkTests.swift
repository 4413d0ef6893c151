// The check of every page: an error is named, stored, and also found in a closed database.

import Foundation
import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct PageWalkTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.database }

    /// Creates one bill and flips a bit of its code in the index that answers inquiries.
    private func prepare() async throws {
        try await withStore(at: path) { store in
            let account = try #require(store.registerAccounts(["MCH-0001"])["MCH-0001"])
            try await store.create([(account, Sample.draft())], now: Sample.now)
        }
        let layout = try #require(
            RawDatabase.rows(
                path,
                """
                SELECT rootpage, (SELECT page_size FROM pragma_page_size) AS size
                FROM sqlite_schema WHERE name = 'bill_by_code'
                """
            ).first)
        let (root, size): (Int, Int) = (layout["rootpage"], layout["size"])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let page = (root - 1) * size..<root * size
        let code = try #require(bytes.range(of: Data(Sample.codeText.utf8), in: page))
        bytes[code.upperBound - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test func `an index that hides a bill is found by the walk and by an inspection`()
        async throws
    {
        try await prepare()
        let walk = try await withStore(at: path) { store in
            #expect(try store.makeLookup().find(1).isNothing)
            #expect(try store.lastPageWalk() == nil)
            return try await store.walkPages { Sample.now }
        }
        #expect(walk.finishedAt == Sample.now)
        let named = walk.problems.filter {
            $0.hasPrefix("the table bill: ") && $0.contains("index bill_by_code")
        }
        #expect(!named.isEmpty && named == walk.problems, "\(walk.problems)")
        #expect(named.allSatisfy { $0.contains("REINDEX") })
        let stored = try await withStore(at: path) { try $0.lastPageWalk() }
        #expect(stored == walk)
        let found = try Inspection(path: path, bins: [:], read: { _, _ in (nil, .unreadable(nil)) })
        #expect(found.structure.contains { $0.contains("index bill_by_code") })

        // The advised repair succeeds.
        try RawDatabase.execute(path, "REINDEX")
        try await withStore(at: path) { store in
            let found = try store.makeLookup().find(1)
            #expect(found.bill?.id == 1)
            let later = Sample.now.adding(milliseconds: 1)
            let again = try await store.walkPages { later }
            #expect(again.problems == [])
            #expect(try store.lastPageWalk() == again)
        }
    }

    @Test func `a cancelled walk stores nothing`() async throws {
        try await withStore(at: path) { store in
            let walk = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.walkPages { Sample.now }
            }
            await #expect(throws: CancellationError.self) { try await walk.value }
            let stored = try store.lastPageWalk()
            #expect(stored == nil)
        }
    }
}
