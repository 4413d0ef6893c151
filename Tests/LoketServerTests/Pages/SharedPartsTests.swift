// Which browsers share a rendered part of the page Today, and for how long.

import Hummingbird
import Synchronization
import Testing

@testable import LoketAdmin

final class SharedPartsTests {
    private let parts = SharedParts()
    private let rendered = Mutex(0)

    private static let began = ContinuousClock.now
    private static let seller = reader()

    private static func reader(
        account: Int64? = nil, mayWrite: Bool = false, _ language: Language = .indonesian,
        _ query: String = ""
    ) -> SharedParts.Reader {
        SharedParts.Reader(
            accountID: account, scopes: mayWrite ? [.read, .write] : [.read], language: language,
            query: query)
    }

    /// Requests a part some milliseconds after the first; returns how many were rendered so far.
    private func request(
        _ reader: SharedParts.Reader = seller, after milliseconds: Int = 0
    ) async -> Int {
        _ = await parts.part(for: reader, now: Self.began + .milliseconds(milliseconds)) {
            rendered.withLock { $0 += 1 }
            return Response(status: .ok)
        }
        return rendered.withLock { $0 }
    }

    @Test func `browsers share a part for two seconds`() async {
        #expect(await request() == 1)
        #expect(await request(after: 1_999) == 1)
        #expect(await request(after: 2_000) == 2)
        #expect(await request(after: 3_999) == 2)
    }

    @Test func `a part is shared only with those who may see the same`() async {
        #expect(await request() == 1)
        let others = [
            Self.reader(account: 1), Self.reader(account: 2), Self.reader(mayWrite: true),
            Self.reader(.english), Self.reader(.indonesian, "show=refused"),
        ]
        for (place, other) in others.enumerated() {
            #expect(await request(other) == place + 2)
            #expect(await request(other) == place + 2)
        }
        #expect(await request() == others.count + 1)
    }

    @Test func `after a page the next part is new`() async {
        #expect(await request() == 1)
        parts.refresh(now: Self.began + .milliseconds(500))
        #expect(await request(after: 1_000) == 2)
        #expect(await request(after: 1_500) == 2)
    }

    @Test func `what could not be rendered is not kept`() async throws {
        await #expect(throws: CancellationError.self) {
            _ = try await parts.part(for: Self.seller) { throw CancellationError() }
        }
        #expect(await request() == 1)
    }
}
