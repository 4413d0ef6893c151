// `loket why` with a running service: its text page, the JSON, and its exit codes.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct WhyCommand {
        private static let code = "88965112345678"

        private func why(_ id: String, at service: Service) -> [String] {
            ["why", "--url", service.adminURL, "--key-file", "loket.db.admin-key", "--", id]
        }

        private func send(
            _ service: Service, _ doku: Doku, requestID: String, code: String = code
        ) async throws {
            let request = doku.request(
                body: Doku.inquiryBody(code: code, counter: .alfa, date: Self.now),
                requestID: requestID, timestamp: Self.now)
            _ = try await Connection.ask(request, port: service.gatewayPort)
        }

        private static var now: String {
            Moment(seconds: Int64(Date().timeIntervalSince1970)).utcText
        }

        /// Waits until the journal is written.
        private func page(
            _ site: Site, _ service: Service, _ id: String
        ) async throws -> Child.Outcome {
            try await eventually("nothing is known of \(id)") {
                let outcome = try await site.run(why(id, at: service))
                return outcome.code == 0 ? outcome : nil
            }
        }

        @Test func `an answer is explained on a page`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                try await send(service, site.doku(), requestID: "a/b%2F")
                let paid = try await page(site, service, "a/b%2F")
                for word in ["request  a/b%2F", "#1", "200 success, guard payable", "INV-1"] {
                    #expect(paid.output.contains(word), "\(word) in \(paid)")
                }
                try await send(service, site.doku(), requestID: "-x", code: "88965199999999")
                try await send(service, site.doku(), requestID: "-x", code: "88965199999998")
                try await eventually("both are there") {
                    try await page(site, service, "-x").output.contains("2 requests have this id")
                }
                let unknown = try await page(site, service, "-x")
                for word in ["404 billing_not_found", "what to change", "inquiries #2"] {
                    #expect(unknown.output.contains(word), "\(word) in \(unknown)")
                }
            }
        }

        @Test func `a refused repeat is reported, and control characters are not obeyed`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let forger = Doku(
                    clientID: Site.clientID, secret: Array(Site.newSecret().utf8),
                    signedTarget: Site.path)
                try await send(service, forger, requestID: "same")
                let refused = try await page(site, service, "same")
                for word in ["tried strings gives the signature", "gateway.inquiry_signed_path"] {
                    #expect(refused.output.contains(word), "\(word) in \(refused)")
                }
                // JSON escapes of the codes that clear the screen and that reverse text.
                try await send(
                    service, site.doku(), requestID: "same", code: #"\u001b[2J\u202e"#)
                let both = try await eventually("both are there") {
                    let outcome = try await page(site, service, "same")
                    return outcome.output.contains("2 requests have this id") ? outcome : nil
                }
                for word in [
                    "code_malformed", #"had `\u{1B}[2J\u{202E}`"#, "was refused: signature_wrong",
                ] {
                    #expect(both.output.contains(word), "\(word) in \(both)")
                }
                for sign in ["\u{1B}", "\u{202E}"] { #expect(!both.output.contains(sign)) }
            }
        }

        @Test func `a refused signature is explained without the secret`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let slash = Doku(
                    clientID: Site.clientID, secret: Array(site.secret.utf8),
                    signedTarget: Site.path + "/")
                let request = slash.request(
                    body: Doku.inquiryBody(
                        code: Self.code, counter: .alfa, date: Self.now),
                    target: Site.path, requestID: "slash", timestamp: Self.now)
                _ = try await Connection.ask(request, port: service.gatewayPort)
                let outcome = try await site.run(why("slash", at: service))
                #expect(outcome.code == 0, "\(outcome)")
                for word in ["401 invalid_signature", "trailing_slash", "inquiry_signed_path"] {
                    #expect(outcome.output.contains(word), "\(word) in \(outcome)")
                }
                #expect(!outcome.output.contains(site.secret))
                let json = try await site.run(why("slash", at: service).inserting("--json", at: 1))
                let found = try StrictJSON(Array(json.output.utf8)).root
                #expect(
                    found["signature"]?["findings"]?.elements.first?["mistake"]?.string
                        == "trailing_slash")
            }
        }

        @Test func `an unknown id gives 1, no id 2, no service 3`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let unknown = try await site.run(why("nobody", at: service))
                #expect(unknown.code == 1)
                #expect(unknown.errors.contains("nobody"))
                #expect(try await site.run(["why", "--url", service.adminURL]).code == 2)
                #expect(try await site.run(why("", at: service)).code == 2)
                var nowhere = why("a", at: service)
                nowhere[2] = "http://127.0.0.1:1"
                #expect(try await site.run(nowhere).code == 3)
            }
        }
    }
}

extension [String] {
    fileprivate func inserting(_ word: String, at place: Int) -> [String] {
        var copy = self
        copy.insert(word, at: place)
        return copy
    }
}
