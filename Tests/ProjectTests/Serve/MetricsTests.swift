// Prometheus' own tool reads /metrics.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Metrics {
        private static let code = "88965112345678"

        @Test(.enabled(if: Program.isThere("promtool"), "scripts/test-release installs promtool"))
        func `promtool finds no error in the metrics`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let ask = Service.inquiry(Self.code, by: site.doku())
                #expect(try await Connection.ask(ask, port: service.gatewayPort).status == 200)
                var nowhere = ask
                nowhere.target = "/nowhere"
                #expect(try await Connection.ask(nowhere, port: service.gatewayPort).status == 404)

                let request = DokuRequest(
                    method: "GET", target: "/metrics", headers: [], body: [])
                let answer = try await Connection.ask(request, port: service.adminPort)
                let text = String(decoding: answer.body, as: UTF8.self)
                try site.write(text, to: "metrics")
                let found = try await site.run(
                    ["-c", "promtool check metrics < metrics"], program: "sh")
                #expect(found.code == 0, "\(found)")
                #expect(found.errors.isEmpty && found.output.isEmpty, "\(found)")

                for (channel, count) in [("alfa", 1), ("indomaret", 0), ("unknown", 0)] {
                    let label = "channel=\"\(channel)\""
                    #expect(text.contains("\nloket_inquiry_seconds_count{\(label)} \(count)\n"))
                    let bucket = "loket_inquiry_seconds_bucket{\(label),le=\"+Inf\"} \(count)"
                    #expect(text.contains("\n\(bucket)\n"), "\(text)")
                }
                let lines = text.split(separator: "\n")
                let names = lines.filter { $0.hasPrefix("# TYPE ") }.map {
                    $0.split(separator: " ")[2]
                }
                #expect(names.count == Set(names).count)
                for name in names where name.hasSuffix("_total") {
                    let help = lines.first { $0.hasPrefix("# HELP \(name) ") }
                    #expect(help?.hasSuffix(", since the start.") == true, "\(name)")
                }
            }
        }
    }
}
