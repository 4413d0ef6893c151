// Unverified inquiries and notifications, sent over the gateway with one mistake each and found by
// `why`, which reveals neither a secret nor the right signature.

import DokuSimulator
import DokuWire
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

struct WhySignatureTests {
    private static let code = "88965110000001"
    private static let secretText = "SK-of-the-till-in-this-test"
    private static let otherText = "SK-of-the-neighbour-in-this-test"

    private static func arrange(_ settings: inout Settings) {
        settings.accounts[0].secrets = [Secret(utf8: Array(secretText.utf8))]
        settings.accounts[1].secrets = [Secret(utf8: Array(otherText.utf8))]
        settings.gateway.notificationSignedPath = Till.signedTarget
    }

    private static func doku(
        secret: String = secretText, clientID: String = Shop.clientID,
        signedTarget: String = Shop.signedTarget
    ) -> Doku {
        Doku(clientID: clientID, secret: Array(secret.utf8), signedTarget: signedTarget)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let mistake: String
        let request: @Sendable (String) -> DokuRequest

        var testDescription: String { mistake }

        init(_ mistake: String, _ request: @escaping @Sendable (String) -> DokuRequest) {
            self.mistake = mistake
            self.request = request
        }

        /// Signed for another path than the registered one.
        static func path(_ mistake: String, _ path: String) -> Case {
            Case(mistake) { doku(signedTarget: path).inquiry(code, requestID: $0) }
        }

        /// Signed correctly, and then sent with another body, time or id.
        static func sent(
            _ mistake: String, _ change: @escaping @Sendable (inout DokuRequest) -> Void
        ) -> Case {
            Case(mistake) { id in
                var request = doku().inquiry(code, requestID: id)
                change(&request)
                return request
            }
        }
    }

    static let cases: [Case] = [
        .path("wire_path", Shop.target), .path("other_route_path", Till.signedTarget),
        .path("trailing_slash", Shop.signedTarget + "/"),
        .path("full_url", "https://localhost" + Shop.signedTarget),
        .path("path_part", "/inquiry"), .path("leading_slash_missing", "pay/doku/inquiry"),
        .sent("body_newline") { $0.body.append(0x0A) },
        .sent("body_trimmed") { $0.body = [0x20] + $0.body },
        .sent("body_minified") {
            $0.body = Doku.inquiryBody(
                code: code, counter: .alfa, date: Doku.sampleDate, layout: .pretty)
        },
        Case("body_pretty_printed") { id in
            let body = Doku.inquiryBody(
                code: code, counter: .alfa, date: Doku.sampleDate, layout: .pretty)
            var request = doku().signed(body, requestID: id)
            request.body = Doku.inquiryBody(code: code, counter: .alfa, date: Doku.sampleDate)
            return request
        },
        Case("secret_of_other_account") {
            doku(secret: otherText).inquiry(code, requestID: $0)
        },
        Case("secret_newline") { doku(secret: secretText + "\n").inquiry(code, requestID: $0) },
        .sent("other_account") { $0.set("Client-Id", Shop.neighbourID) },
        .sent("signature_prefix") {
            $0.set("Signature", String(($0.header("Signature") ?? "").dropFirst(11)))
        },
        .sent("timestamp_milliseconds") {
            let time = $0.header("Request-Timestamp") ?? ""
            $0.set("Request-Timestamp", time.dropLast() + ".000Z")
        },
        .sent("other_account") { $0.set("Client-Id", "MCH-9") },
        Case("client_id_unknown") { doku(clientID: "MCH-9").inquiry(code, requestID: $0) },
        .sent("signature_missing") { $0.headers.removeAll { $0.name == "Signature" } },
    ]

    @Test func `each mistake sent over the gateway is found and reported`() async throws {
        try await withService({ Self.arrange(&$0) }) { service in
            for (place, sent) in Self.cases.enumerated() {
                let id = "\(place)/\(sent.mistake)"
                let request = sent.request(id)
                expectUnsigned(try await service.ask(request))
                let answer = try await service.admin.get(path(id))
                #expect(answer.status == 200, "\(sent.mistake): \(answer.text)")
                let found = try answer.json()
                #expect(found["request_id"]?.string == id)
                #expect(found["inquiry"]?.isNull == true)
                #expect(found["answer"]?["http_status"]?.integer == 401)
                #expect(found["answer"]?["guard"]?.isNull == true)
                let findings = found["signature"]?["findings"]?.elements ?? []
                let words = findings.compactMap { $0["mistake"]?.string }
                #expect(words.last == sent.mistake, "\(sent.mistake): \(words)")
                #expect(words.count == (sent.mistake == "timestamp_milliseconds" ? 2 : 1))
                let right = Self.doku().request(
                    body: request.body, requestID: id,
                    timestamp: request.header("Request-Timestamp") ?? "")
                let signature = String((right.header("Signature") ?? "").dropFirst(11).dropLast())
                for hidden in [Self.secretText, Self.otherText, signature] {
                    #expect(!answer.text.contains(hidden), "\(sent.mistake)")
                    #expect(!service.log.text.contains(hidden), "\(sent.mistake)")
                }
            }
        }
    }

    @Test func `a request that no known mistake explains is reported as unexplained`() async throws
    {
        try await withService { service in
            _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "forged"))
            let found = try await service.why("forged")
            #expect(found["signature"]?["verdict"]?.string == "signature_wrong")
            #expect(found["signature"]?["findings"]?.elements.isEmpty == true)
            #expect((found["signature"]?["tried"]?.integer ?? 0) > 1_000)
            #expect(found["signature"]?["unexplained"]?.bool == true)
            let received = found["signature"]?["received"]?.string ?? ""
            #expect(received.hasPrefix("HMACSHA256=") && received.hasSuffix("(55 characters)"))
        }
    }

    @Test func `an unknown path is reported as the likeliest, with its setting`()
        async throws
    {
        try await withService({ Self.arrange(&$0) }) { service in
            let shop = Self.doku(signedTarget: "/wp-json/doku/inquiry")
            _ = try await service.ask(shop.inquiry(Self.code, requestID: "asked"))
            let text = try await service.why("asked")["would_have_passed"]?.string ?? ""
            let setting = "gateway.inquiry_signed_path, which is `\(Shop.signedTarget)`"
            #expect(text.contains(setting) && text.contains("registered at DOKU"), "\(text)")
        }
    }

    @Test func `a wrong time does not explain a signature that no mistake gives`() async throws {
        try await withService { service in
            let ahead = Moment.now.adding(milliseconds: 7 * 3_600_000)
            var malformed = Shop.forger.inquiry(Self.code, requestID: "malformed")
            malformed.set("Request-Timestamp", "yesterday")
            _ = try await service.ask(malformed)
            _ = try await service.ask(
                Shop.forger.inquiry(Self.code, requestID: "ahead", at: ahead))
            let table = [
                ("ahead", "wib_for_utc", "write the time in UTC"),
                ("malformed", "timestamp_malformed", "in UTC"),
            ]
            for (id, word, fix) in table {
                let found = try await service.why(id)
                let findings = found["signature"]?["findings"]?.elements
                #expect(findings?.compactMap { $0["mistake"]?.string } == [word])
                #expect(found["signature"]?["unexplained"]?.bool == true)
                let text = found["would_have_passed"]?.string ?? ""
                for said in ["No known mistake", "gateway.inquiry_signed_path", fix] {
                    #expect(text.contains(said), "\(said) in \(text)")
                }
            }
        }
    }

    @Test func `a wrong time is reported together with the mistake in the signature`() async throws
    {
        try await withService({ Self.arrange(&$0) }) { service in
            let ahead = Moment.now.adding(milliseconds: 7 * 3_600_000)
            let slash = Self.doku(signedTarget: Shop.signedTarget + "/")
            _ = try await service.ask(slash.inquiry(Self.code, requestID: "asked", at: ahead))
            let found = try await service.why("asked")
            let findings = found["signature"]?["findings"]?.elements
            #expect(
                findings?.compactMap { $0["mistake"]?.string } == ["trailing_slash", "wib_for_utc"])
            #expect(found["signature"]?["unexplained"]?.bool == false)
            #expect(found["would_have_passed"]?.string?.contains("No known mistake") == false)
        }
    }

    @Test func `an unknown Client-Id with an unknown secret is not blamed on the path`()
        async throws
    {
        try await withService { service in
            var stranger = Shop.forger.inquiry(Self.code, requestID: "asked")
            stranger.set("Client-Id", "MCH-9")
            _ = try await service.ask(stranger)
            let found = try await service.why("asked")
            #expect(found["signature"]?["unexplained"]?.bool == true)
            let text = found["would_have_passed"]?.string ?? ""
            #expect(text.contains("`client_id`") && text.contains("No known mistake"), "\(text)")
            #expect(!text.contains("signed_path"), "\(text)")
        }
    }

    @Test func `a quarantined notification is explained, with how it is recorded`() async throws {
        try await withFolder { folder in
            let request = Till.misdirected.notification(
                Till.notice().body, requestID: "n/1")
            try await withTill(in: folder) { service in
                #expect(try await service.ask(request).status == 401)
                try await eventually {
                    try await service.items("/admin/v1/quarantine").count == 1
                }
                let found = try await service.why("n/1")
                #expect(found["inquiry"]?.isNull == true)
                #expect(found["answer"]?["status"]?.isNull == true)
                #expect(found["signature"]?["findings"]?.elements.isEmpty == true)
                #expect(found["answer"]?["meaning"]?.string?.contains("notification") == true)
                let setting = "gateway.notification_signed_path, which is `\(Till.signedTarget)`"
                #expect(found["would_have_passed"]?.string?.contains(setting) == true)
            }
            try await withTill(
                in: folder, { $0.gateway.notificationSignedPath = Till.misdirected.signedTarget }
            ) { service in
                let found = try await service.why("n/1")
                #expect(found["signature"]?["verdict"]?.string == "verified")
                let remedy = found["would_have_passed"]?.string ?? ""
                #expect(remedy.contains("`loket quarantine retry`"), "\(remedy)")
            }
        }
    }
}
