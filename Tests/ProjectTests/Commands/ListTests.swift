// The lists of a running service, on a terminal and in a pipe.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Lists {
        private func way(_ service: Service) -> [String] {
            ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        @Test func `a pipe gets rows only, and what else there is to say goes to errors`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let none = try await site.run(["bills", "list"] + way(service))
                #expect(none.code == 0 && none.output.isEmpty && none.errors == "no bills\n")
                try await service.addBill("88965112345671", invoice: "INV-1", amount: 1_250_000)
                try await service.addBill("88965112345672", invoice: "INV-2")
                let page = try await site.run(["bills", "list", "--limit", "1"] + way(service))
                #expect(
                    page.output
                        == "#2\t88965112345672\tINV-2\tRp150.000\topen\t-\t-\tAnton Budiman\n")
                #expect(page.errors.hasPrefix("next page: --cursor "), "\(page)")
                let all = try await site.run(["bills", "list", "--all"] + way(service))
                #expect(all.output.split(separator: "\n").count == 2)
                #expect(all.output.contains("\tRp1.250.000\t") && all.errors.isEmpty, "\(all)")
            }
        }

        @Test func `a terminal gets a header, and colour unless NO_COLOR is set`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                try await service.addBill("88965112345672", invoice: "INV-2")
                _ = try await service.ask("88965112345671")
                _ = try await service.ask("88965199999999")
                let list = try await site.runOnTerminal(
                    ["bills", "list", "--limit", "1"] + way(service))
                let lines = list.output.split(whereSeparator: \.isNewline).map(String.init)
                #expect(
                    lines.first
                        == "ID  CODE            INVOICE     AMOUNT  STATE  EXPIRES (WIB)  DUE (WIB)"
                        + "  CUSTOMER", "\(list)")
                #expect(
                    lines[1].hasPrefix("#2  88965112345672  INV-2    Rp150.000  open "), "\(list)")
                #expect(lines[2].hasPrefix("next page: --cursor "), "\(list)")
                let tail = ["tail", "--no-follow"] + way(service)
                try await eventually("both inquiries are in the journal") {
                    try await service.journal().count == 2
                }
                let coloured = try await site.runOnTerminal(
                    tail, environment: ["NO_COLOR": "", "TERM": "xterm"])
                #expect(coloured.output.contains("\u{1B}[31mbill_unknown\u{1B}[0m"), "\(coloured)")
                #expect(coloured.output.contains("\u{1B}[32mpayable\u{1B}[0m"), "\(coloured)")
                let plain = try await site.runOnTerminal(tail, environment: ["NO_COLOR": "1"])
                #expect(!plain.output.contains("\u{1B}"), "\(plain)")
                #expect(plain.output.hasPrefix("RECEIVED (WIB) "), "\(plain)")
            }
        }
    }
}
