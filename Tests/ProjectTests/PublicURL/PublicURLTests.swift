// `loket check --public-url` against proxies that terminate TLS for a real service, with every
// error that the command knows.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct PublicURLs {
        private func withProxy(_ body: (Site, Service, TLSProxy) async throws -> Void) async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try await body(
                    site, service, try await TLSProxy(before: service.gatewayPort, on: site))
            }
        }

        private func check(
            _ url: String, on site: Site, _ more: [String] = ["--ca-file", Certificates.issuer]
        ) async throws -> Child.Outcome {
            try await site.run(["check", "--public-url", url] + more)
        }

        @Test func `each correct part is reported, and nothing is recorded`() async throws {
            try await withProxy { site, service, proxy in
                let outcome = try await check(try proxy.url(), on: site)
                #expect(outcome.code == 0, "\(outcome)")
                for line in [
                    "note    public    dns: localhost is ",
                    "note    public    url: has port ",
                    "ok      public    tls: the certificate is valid until ",
                    "ok      public    path: inquiries arrive at /doku/inquiry",
                    "ok      public    forgery: a forged request is refused by loket (401)",
                    "ok      public    head: HEAD /health is answered 200",
                    "ok      public    headers: headers and body of a signed inquiry arrive",
                ] {
                    #expect(outcome.output.contains(line), "\(line) in \(outcome)")
                }

                // No signed notification is sent, because it would record a payment.
                let url = try proxy.url(path: "/doku/notification")
                let other = try await check(url, on: site)
                #expect(other.code == 0, "\(other)")
                #expect(other.output.contains("path: notifications arrive at /doku/notification"))
                #expect(!other.output.contains("headers:"))
                for list in ["notifications", "quarantine"] {
                    let items = try await service.admin("GET", "/admin/v1/\(list)")["items"]
                    #expect(items?.elements.isEmpty == true, "\(list)")
                }
            }
        }

        @Test func `each fault of a certificate is named with its remedy`() async throws {
            try await withProxy { site, _, proxy in
                func line(
                    _ certificate: TLSProxy.Certificate,
                    _ more: [String] = ["--ca-file", "ca.pem"],
                    code: Int32 = 1
                ) async throws -> String {
                    let outcome = try await check(try proxy.url(certificate), on: site, more)
                    #expect(outcome.code == code, "\(certificate): \(outcome)")
                    // The other checks do not depend on the certificate.
                    #expect(outcome.output.contains("headers and body of a signed inquiry"))
                    let lines = outcome.output.split(separator: "\n")
                    return String(try #require(lines.first { $0.contains("tls: ") }))
                }
                let ending = try await line(.ending, code: 0)
                #expect(ending.hasPrefix("note ") && ending.contains("; renew it"), "\(ending)")
                #expect(try await line(.expired).contains("the certificate expired on "))
                #expect(
                    try await line(.ofAnotherName).contains(
                        "is for other.example, not for localhost"))
                let unknown = try await line(.good, [])
                #expect(unknown.contains("does not trust the issuer"), "\(unknown)")
            }
        }

        @Test func `each fault of a proxy is named with its remedy`() async throws {
            let faults = [
                ("401", "the proxy requires a login"), ("403", "a firewall blocks the path"),
                ("404", "the proxy does not forward this path"),
                ("502", "the proxy does not reach loket"), ("200", "another program answers"),
                ("moved", "redirect: the URL redirects (301) to https://localhost/elsewhere"),
                ("another path", "the request reaches loket with a path that loket does not know"),
                ("without a header", "headers: a signed inquiry is refused"),
                ("another body", "headers: a signed inquiry is refused"),
                ("another answer", "was changed after loket signed it"),
            ]
            try await withProxy { site, _, proxy in
                for (mode, text) in faults {
                    try proxy.set(mode: mode)
                    let outcome = try await check(try proxy.url(), on: site)
                    #expect(outcome.code == 1, "\(mode): \(outcome)")
                    let problems = outcome.output.split(separator: "\n")
                        .filter { $0.hasPrefix("problem public ") }
                    #expect(problems.count == 1, "\(mode): \(outcome)")
                    #expect(problems.first?.contains(text) == true, "\(mode): \(outcome)")
                }
                try proxy.set(mode: "without health")
                let outcome = try await check(try proxy.url(), on: site)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("note    public    head: HEAD /health is answered"))
            }
        }

        @Test func `a URL without TLS is a problem`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let free = try Listener.freePort()
                for (url, text) in [
                    (service.url, "tls: http is not encrypted; set up a proxy"),
                    (
                        service.url.replacing("http:", with: "https:"),
                        "does not use TLS; check the proxy's TLS settings"
                    ),
                    ("https://127.0.0.1:\(free)/doku/inquiry", "connection refused"),
                    ("https://nobody.invalid/doku/inquiry", "dns: nobody.invalid has no address"),
                ] {
                    let outcome = try await check(url, on: site, [])
                    #expect(outcome.code == 1, "\(outcome)")
                    #expect(outcome.output.contains(text), "\(text) in \(outcome)")
                }
                for url in ["pay.example.com", "https://pay.example.com", "ftp://localhost/x"] {
                    #expect(try await check(url, on: site, []).code == 2, "\(url)")
                }
            }
        }

        @Test func `without settings it reports what it could not check, in JSON too`() async throws
        {
            try await withProxy { site, _, proxy in
                try FileManager.default.removeItem(atPath: site.path("loket.yaml"))
                let outcome = try await check(
                    try proxy.url(), on: site, ["--ca-file", Certificates.issuer, "--json"])
                #expect(outcome.code == 0, "\(outcome)")
                let found = try StrictJSON(Array(outcome.output.utf8.dropLast())).root
                #expect(found["ok"]?.bool == true)
                let findings = found["findings"]?.elements ?? []
                #expect(findings.allSatisfy { $0["area"]?.string == "public" })
                #expect(
                    findings.last?["text"]?.string?.contains("no settings here") == true)
            }
        }
    }
}
