// A million rows with one bad row: refused as a whole with one note and little memory. The
// corrected file is applied. Without LOKET_TORTURE=1 a hundredth of the rows.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct MillionRows {
        private static let rows = PaymentSize.of(1_000_000, otherwise: 10_000)
        private static let bad = PaymentSize.of(777_777, otherwise: 7_777)
        /// The maximum memory of the whole process in KiB.
        private static let memoryMax = 150 * 1024

        @Test func `one bad row of a million refuses all of them, and is reported`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let counter = try ImportCounter(site, service)
                let right = ImportCounter.file(1..<Self.bad)
                let wrong = Array(ImportCounter.row(Self.bad, amount: "Rp 10.000").utf8)
                let rest = ImportCounter.file(Self.bad + 1..<Self.rows + 1)
                    .dropFirst(ImportCounter.head.utf8.count)
                let id = try await counter.send(right + wrong + rest)
                let fate = try await counter.ended(id)
                #expect(fate.state == "refused")
                #expect(fate.rows == Int64(Self.rows))
                #expect(fate.json["diff"]?["refused"]?.integer == 1)
                #expect(fate.json["diff"]?["new"]?.integer == Int64(Self.rows - 1))
                #expect(fate.created == 0)
                try #require(fate.notes.count == 1)
                let note = fate.notes[0]
                // The header is the first line.
                #expect(note["line"]?.integer == Int64(Self.bad + 1))
                #expect(note["column"]?.string == "amount")
                #expect(note["value"]?.string == "Rp 10.000")
                #expect(note["outcome"]?.string == "refused")
                #expect(
                    note["reason"]?.string
                        == "is not an amount of digits only, such as 150000; "
                        + "amount_format=indonesian reads it as 10000: set this option if it "
                        + "fits all amounts in the file")
                #expect(try await counter.events().isEmpty)
                let bills = try await counter.desk.admin("GET", "/admin/v1/bills?limit=1")
                #expect(bills["items"]?.elements.isEmpty == true)

                let mended = ImportCounter.file(1..<Self.rows + 1)
                let second = try await counter.ended(try await counter.send(mended))
                #expect(second.state == "applied")
                #expect(second.created == Int64(Self.rows))
                let again = try await counter.ended(try await counter.send(mended))
                #expect(again.json["diff"]?["unchanged"]?.integer == Int64(Self.rows))
                try expectLittleMemory(service)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `a million rows with one number are reported in little memory`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let counter = try ImportCounter(site, service)
                let row = Array(ImportCounter.row(1, amount: "7").utf8)
                var file = Array(ImportCounter.head.utf8)
                for _ in 0..<Self.rows { file += row }
                let fate = try await counter.ended(try await counter.send(file))
                #expect(fate.state == "refused")
                #expect(fate.json["diff"]?["refused"]?.integer == Int64(Self.rows - 1))
                #expect(fate.notes.count == 100)
                try expectLittleMemory(service)
                #expect(try await service.stop().code == 0)
            }
        }

        /// At full size only, because a small file shows nothing.
        private func expectLittleMemory(_ service: Service) throws {
            guard isTorture else { return }
            let path = "/proc/\(service.child.id)/status"
            let status = try String(contentsOfFile: path, encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
            let peak = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
            print("imports: peak memory \(peak / 1024) MiB")
            #expect(peak < Self.memoryMax)
        }
    }
}
