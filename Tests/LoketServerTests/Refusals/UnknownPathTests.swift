// A running service with a wrong path registered at DOKU, and what `why` reports after a restart.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct UnknownPathTests {
    private static let code = "88965110000001"

    private func request(_ target: String, _ id: String) -> DokuRequest {
        var request = Shop.doku.inquiry(Self.code, requestID: id)
        request.target = target
        return request
    }

    @Test func `a request for an unknown path is logged and explained, also after a restart`()
        async throws
    {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                for (target, id) in [
                    ("/api/doku/inquiry", "elsewhere"), (Shop.target + "/", "slash"),
                ] {
                    let answer = try await service.ask(request(target, id))
                    #expect(answer.status == 404 && answer.body.isEmpty)
                }
                // A scanner sends none of DOKU's headers.
                let scan = DokuRequest(
                    method: "POST", target: "/wp-login.php",
                    headers: [Header("Client-Id", "x"), Header("Request-Id", "scan")], body: [])
                #expect(try await service.ask(scan).status == 404)
                _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "forged"))
                let text = service.log.text
                #expect(
                    text.contains(
                        "a signed request was sent to /api/doku/inquiry; send inquiries to "
                            + "\(Shop.target) and notifications to /doku/notification; "
                            + "for details, run `loket why elsewhere`"))
                #expect(text.contains("127.0.0.1"))
                #expect(!text.contains("wp-login"))
                #expect(try await service.why("elsewhere")["count"]?.integer == 1)
            }
            try await withService(in: folder) { service in
                let elsewhere = try await service.why("elsewhere")
                #expect(elsewhere["answer"]?["http_status"]?.integer == 404)
                #expect(elsewhere["answer"]?["status"]?.isNull == true)
                #expect(
                    elsewhere["answer"]?["meaning"]?.string?.contains("/api/doku/inquiry") == true)
                #expect(elsewhere["signature"]?.isNull == true)
                let remedy = elsewhere["would_have_passed"]?.string ?? ""
                #expect(remedy.contains("`gateway.notification_path`"), "\(remedy)")
                let slash = try await service.why("slash")["would_have_passed"]?.string ?? ""
                #expect(slash.contains("\(Shop.target) for inquiries."), "\(slash)")
                #expect(!slash.contains("notification"))
                let forged = try await service.why("forged")
                #expect(forged["signature"]?["verdict"]?.string == "signature_wrong")
                #expect(forged["answer"]?["http_status"]?.integer == 401)
                try expectProblem(try await service.admin.get(path("scan")), 404, "not_found")
            }
        }
    }

    @Test func `a notification under an unknown Client-Id is kept for why`() async throws {
        try await withTill { service in
            let stranger = Doku(
                clientID: "MCH-9", secret: Array("SK-of-nobody-at-all".utf8),
                signedTarget: Till.signedTarget)
            let request = stranger.notification(Till.notice().body, requestID: "stranger")
            #expect(try await service.ask(request).status == 401)
            let found = try await service.why("stranger")
            #expect(found["signature"]?["verdict"]?.string == "client_id_unknown")
            #expect(found["answer"]?["status"]?.isNull == true)
            #expect(
                found["answer"]?["meaning"]?.string?.contains("notification") == true)
            #expect(try await service.items("/admin/v1/quarantine").isEmpty)
        }
    }
}
