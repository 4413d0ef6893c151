// `--json`: one object with the content of the text, and the same exit code.

import Foundation
import LoketCore
import LoketJSON
import Testing

extension Processes {
    @Suite struct JSONOutput {
        private static let code = "88965112345678"

        /// Returns the one object, which must be on one line.
        private func json(
            _ outcome: Child.Outcome, location: SourceLocation = #_sourceLocation
        ) throws -> JSONValue {
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 1, "\(outcome)", sourceLocation: location)
            return try StrictJSON(Array((lines.first ?? "").utf8)).root
        }

        private func doku(_ site: Site) -> [String] {
            ["--client-id", Site.clientID, "--secret-file", "secret", "--json"]
        }

        @Test func `simulate has the request, the answer and its signature`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let inquire =
                    ["simulate", "inquiry", service.url, "--code", Self.code] + doku(site)
                let asked = try await site.run(inquire + ["--request-id", "our-own-1"])
                #expect(asked.code == 0, "\(asked)")
                let exchange = try json(asked)
                #expect(exchange["ok"]?.bool == true)
                #expect(exchange["answer_signature"]?.string == "verified")
                #expect(exchange["request"]?["method"]?.string == "POST")
                #expect(exchange["request"]?["target"]?.string == Site.path)
                let headers = exchange["request"]?["headers"]?.elements ?? []
                let id = headers.first { $0["name"]?.string == "Request-Id" }
                #expect(id?["value"]?.string == "our-own-1")
                #expect(exchange["answer"]?["status"]?.integer == 200)
                let body = try #require(exchange["answer"]?["body"]?.string)
                #expect(try StrictJSON(Array(body.utf8)).root.isObject)
                #expect(!asked.output.contains(site.secret))

                let url = "http://127.0.0.1:\(service.gatewayPort)/doku/notification"
                let pay = ["simulate", "notification", url, "--invoice", "INV-1", "--amount"]
                let paid = try await site.run(pay + ["150000", "--code", Self.code] + doku(site))
                #expect(paid.code == 0, "\(paid)")
                #expect(try json(paid)["ok"]?.bool == true)

                let refused = try await site.run(inquire)
                #expect(refused.code == 1, "\(refused)")
                #expect(try json(refused)["ok"]?.bool == false)
                #expect(try json(refused)["answer"]?["status"]?.integer == 400)
            }
        }

        @Test(arguments: [true, false])
        func `a scenario has every step`(_ isRight: Bool) async throws {
            try await withSite { site in
                let service = try await site.serve()
                if !isRight { try site.write(Site.newSecret(), to: "secret") }
                let gateway = "http://127.0.0.1:\(service.gatewayPort)/doku/"
                let outcome = try await site.run(
                    ["simulate", "scenario", gateway + "inquiry", gateway + "notification"]
                        + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                        + ["--bin", "889651"] + doku(site))
                #expect(outcome.code == (isRight ? 0 : 1), "\(outcome)")
                #expect(outcome.errors.isEmpty == isRight)
                let played = try json(outcome)
                #expect(played["ok"]?.bool == isRight)
                let steps = try #require(played["steps"]?.elements)
                #expect(played["count"]?.integer == Int64(steps.count) && steps.count > 60)
                let wrong = steps.filter { $0["ok"]?.bool == false }
                #expect(played["wrong"]?.integer == Int64(wrong.count))
                #expect(wrong.isEmpty == isRight)
                for step in steps {
                    #expect(
                        (step["got"]?.string == step["expected"]?.string)
                            == step["ok"]?.bool && step["story"]?.string != nil)
                }
            }
        }

        @Test func `sign and verify have the component and the signatures`() async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                try site.write(vector.saved(), to: "request.txt")
                let secret = ["LOKET_SECRET": vector.secret]
                let signed = try await site.run(
                    ["sign", "request.txt", "--json"], environment: secret)
                #expect(signed.code == 0, "\(signed)")
                #expect(try json(signed)["component"]?.string == vector.component)
                let bytes = Int64(vector.component.utf8.count)
                #expect(try json(signed)["component_bytes"]?.integer == bytes)
                #expect(try json(signed)["signature"]?.string == vector.signature)

                let verified = try await site.run(
                    ["verify", "request.txt", "--json"], environment: secret)
                #expect(verified.code == 0, "\(verified)")
                #expect(try json(verified)["verified"]?.bool == true)
                #expect(try json(verified)["received"]?.string == vector.signature)
                #expect(try json(verified)["reason"]?.isNull == true)

                let other = try await site.run(
                    ["verify", "request.txt", "--json"],
                    environment: ["LOKET_SECRET": vector.secret + "x"])
                #expect(other.code == 1, "\(other)")
                #expect(try json(other)["verified"]?.bool == false)
                #expect(try json(other)["reason"]?.string?.isEmpty == false)
                #expect(other.errors.contains("does not verify"))
            }
        }

        @Test func `an export and a reset have their results`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let exported = try await site.run(
                    ["bills", "export", "--output", "out.csv", "--json"]
                        + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"])
                #expect(exported.code == 0, "\(exported)")
                #expect(try json(exported)["file"]?.string == "out.csv")
                #expect(try json(exported)["bills"]?.integer == 1)

                #expect(try await service.stop().code == 0)
                let reset = try await site.run(["keys", "reset", "--json"])
                #expect(reset.code == 0, "\(reset)")
                #expect(try json(reset)["revoked"]?.integer == 1)
                let file = try json(reset)["key_file"]?.string
                #expect(file?.hasSuffix("/loket.db.admin-key") == true)
                #expect(try !reset.output.contains(site.key))
            }
        }
    }
}
