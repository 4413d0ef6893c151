// The journal over the admin API, and the counts of the same inquiries.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct InquiryListTests {
    private static let path = "/admin/v1/inquiries"
    private static let code = "88965110000001"

    private func journaled(_ service: RunningService, _ count: Int) async throws {
        try await eventually {
            try await service.admin.get("/metrics").text
                .contains("loket_journal_written_total \(count)\n")
        }
    }

    @Test func `inquiries are listed newest first, in pages`() async throws {
        try await withService { service in
            for number in 0..<7 {
                _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "\(number)"))
            }
            try await journaled(service, 7)
            var seen: [String] = []
            var cursor: String?
            repeat {
                let suffix = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await service.admin.get(Self.path + "?limit=3" + suffix)
                    .list("request_id")
                seen += page.values
                cursor = page.cursor
            } while cursor != nil
            #expect(seen == (0..<7).reversed().map { "\($0)" })
        }
    }

    @Test func `an inquiry is shown as it was answered`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "abc"))
            try await journaled(service, 1)
            let root = try await service.admin.get(Self.path).json()
            let row = try #require(root["items"]?.elements.first)
            #expect(row["id"]?.string == "1")
            #expect(row["request_id"]?.string == "abc")
            #expect(row["account"]?.string == Shop.clientID)
            #expect(row["payment_code"]?.string == Self.code)
            #expect(row["channel"]?.string == "alfa")
            #expect(row["acquirer"]?.string == "ALFA")
            #expect(row["guard"]?.string == "payable")
            #expect(row["status"]?.string == "success")
            #expect(row["http_status"]?.integer == 200)
            #expect(row["bill_id"]?.string == "1")
            #expect(row["amount"]?.integer == 150_000)
            #expect(row["invoice_number"]?.string == "INV-1")
            #expect((row["duration_us"]?.integer ?? -1) >= 0)
        }
    }

    @Test func `the counts match the answers`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            for _ in 0..<5 { _ = try await service.ask(Shop.doku.inquiry(Self.code)) }
            for _ in 0..<3 { _ = try await service.ask(Shop.doku.inquiry("88965199999999")) }
            for _ in 0..<2 { _ = try await service.ask(Shop.forger.inquiry(Self.code)) }
            let late = Moment.now.adding(milliseconds: -7_200_000)
            _ = try await service.ask(Shop.doku.inquiry(Self.code, at: late))
            var nowhere = Shop.doku.inquiry(Self.code)
            nowhere.target = "/nowhere"
            _ = try await service.ask(nowhere)
            try await journaled(service, 9)
            let metrics = try await service.admin.get("/metrics")
            #expect(metrics.type?.hasPrefix("text/plain; version=0.0.4") == true)
            for line in [
                #"loket_inquiries_total{guard="payable"} 5"#,
                #"loket_inquiries_total{guard="bill_unknown"} 3"#,
                #"loket_inquiries_total{guard="stale"} 1"#,
                #"loket_inquiries_total{guard="paused"} 0"#,
                #"loket_unverified_total{cause="signature_wrong"} 2"#,
                #"loket_gateway_refusals_total{status="404"} 1"#,
                "loket_store_failures_total 0", "loket_journal_dropped_total 0",
            ] {
                #expect(metrics.text.contains(line + "\n"), "\(line)")
            }
            #expect(try await service.admin.get(Self.path).list("guard").values.count == 9)
        }
    }

    @Test func `ready says that all is well`() async throws {
        try await withService { service in
            let answer = try await service.admin.get("/ready")
            #expect(answer.status == 200)
            let root = try answer.json()
            #expect(root["ready"]?.bool == true)
            #expect(root["paused"]?.bool == false)
            #expect(root["problems"]?.elements.isEmpty == true)
        }
    }
}
