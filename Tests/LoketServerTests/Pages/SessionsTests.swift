// The limits of the counter page's sessions: their number, their age, and their files.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

@testable import LoketAdmin

struct SessionsTests {
    private static let start = Moment.now

    private func moment(_ seconds: Int64) -> Moment {
        Self.start.adding(milliseconds: seconds * 1_000)
    }

    @Test func `a key that signs in often ends its own sessions only`() {
        let sessions = Sessions()
        let other = sessions.begin(keyID: 1, now: Self.start)
        var tokens: [String] = []
        for second in 1...Int64(Sessions.countMax + 5) {
            tokens.append(sessions.begin(keyID: 2, now: moment(second)).token)
        }
        let now = moment(2_000)
        let found = tokens.filter { sessions.find($0, now: now, isUse: false) != nil }
        #expect(found == tokens.suffix(Sessions.countMaxOfKey))
        #expect(sessions.find(other.token, now: now, isUse: false) != nil)
    }

    @Test func `many keys have the maximum of sessions together`() {
        let sessions = Sessions()
        let all = (0...Int64(Sessions.countMax)).map {
            sessions.begin(keyID: $0 / 10, now: moment($0)).token
        }
        let now = moment(2_000)
        let found = all.filter { sessions.find($0, now: now, isUse: false) != nil }
        #expect(found == all.suffix(Sessions.countMax))
    }

    @Test func `a session ends after seven days of use`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            for _ in 1...16 {
                service.clock.goOn(hours: 10)
                #expect(try await browser.get("/ui/sign-in").status == 303)
            }
            service.clock.goOn(hours: 7)
            #expect(try await browser.get("/ui").status == 200)
            service.clock.goOn(hours: 1)
            #expect(try await browser.get("/ui").status == 303)
        }
    }

    @Test func `a key keeps one file, and none once it is revoked`() async throws {
        try await withService { service in
            let file = ImportCase.head + ImportCase.row(1)
            let writer = try await service.client("writer", scopes: ["read", "write"])
            let (first, second) = (
                try await service.browser(key: writer.key),
                try await service.browser(key: writer.key)
            )
            let others = try await service.browser()
            for browser in [others, first, second] { _ = try await browser.check(file) }
            try await eventually { service.keptFiles == 2 }
            let id = try await service.keyID("writer")
            #expect(try await service.admin.delete("/admin/v1/keys/\(id)").status == 200)
            // One session is used; the file of the other is gone too.
            #expect(try await first.get("/ui").status == 303)
            try await eventually { service.keptFiles == 1 }
            #expect(try await others.get("/ui").status == 200)
        }
    }
}
