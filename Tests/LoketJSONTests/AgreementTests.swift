// Our strict reader compared with Python's made strict, on every case and every mutation.

import Foundation
import TestSupport
import Testing

struct AgreementTests {
    /// The number of differences that are printed in full.
    private static let shownMax = 5

    private func compare(_ bodies: [[UInt8]], _ origin: String) throws -> (Int, Int) {
        let python = try PythonOracle.verdicts(on: bodies)
        try #require(python.count == bodies.count, "python3 answered \(python.count) cases")
        var accepted = 0
        var differing = 0
        for (place, body) in bodies.enumerated() {
            let own = PythonOracle.ownVerdict(on: body)
            if own.hasPrefix("accepted") { accepted += 1 }
            guard own != python[place] else { continue }
            differing += 1
            guard differing <= Self.shownMax else { continue }
            Issue.record(
                """
                \(origin), case \(place): we say \(own), Python says \(python[place]); \
                the body in base64: \(Data(body).base64EncodedString())
                """)
        }
        #expect(differing == 0, "\(origin): \(differing) of \(bodies.count) cases differ")
        return (accepted, bodies.count - accepted)
    }

    @Test func `Python agrees on every row of the tables and on every body`() throws {
        let bodies = JSONCases.all.map(\.bytes) + Bodies.all.map { Array($0.utf8) }
        let (accepted, _) = try compare(bodies, "tables")
        #expect(accepted == JSONCases.all.count { $0.fault == nil } + Bodies.all.count)
        #expect(bodies.count > 300)
    }

    @Test(arguments: [0x10CE7, 0xD0C0, 2026] as [UInt64])
    func `Python agrees on thousands of damaged bodies`(seed: UInt64) throws {
        var mutator = Mutator(seed: seed)
        let whole = Bodies.all.map { Array($0.utf8) }
        let bodies = (0..<2000).map { _ in mutator.damaged(whole) }
        let (accepted, refused) = try compare(bodies, "seed \(seed)")
        // Otherwise the mutations would show nothing.
        #expect(accepted > 200, "seed \(seed)")
        #expect(refused > 500, "seed \(seed)")
    }

    @Test func `Python agrees on every single byte put into a short body`() throws {
        let body = Array(#"{"a":[1,"\u00e9"]}"#.utf8)
        var bodies: [[UInt8]] = []
        for place in body.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = body
                changed[place] = byte
                bodies.append(changed)
            }
        }
        let (accepted, refused) = try compare(bodies, "one byte")
        #expect(accepted > 200)
        #expect(refused > 2000)
    }
}
