// Unverified notifications with a known Client-Id are quarantined at a limited rate, and each is
// recorded once when the mistake is fixed.

import DokuSimulator
import DokuWire
import LoketCore
import TestSupport
import Testing

struct QuarantineTests {
    private static let list = "/admin/v1/quarantine"

    private func retry(_ service: RunningService) async throws -> [Int64?] {
        let answer = try await service.admin.post(Self.list + "/retry", "{}")
        #expect(answer.status == 200, "\(answer.text)")
        let root = try answer.json()
        return [root["entered"]?.integer, root["kept"]?.integer]
    }

    @Test func `a known client's notification is kept, a stranger's is not`() async throws {
        try await withTill { service in
            let stranger = Doku(
                clientID: "MCH-9", secret: Array("SK-of-nobody-at-all".utf8),
                signedTarget: Till.signedTarget)
            #expect(try await service.notify(Till.notice(), by: stranger).status == 401)
            var twice = Till.forger.notification(Till.notice().body)
            twice = twice.adding("Client-Id", Shop.clientID)
            #expect(try await service.ask(twice).status == 401)
            let body = Till.notice("INV-7").body
            let request = Till.forger.notification(body, requestID: "18436")
            for _ in 0..<3 { #expect(try await service.ask(request).status == 401) }
            var bare = Till.doku.notification([], requestID: "bare")
            bare.headers.removeAll { $0.name == "Signature" }
            #expect(try await service.ask(bare).status == 401)

            try await eventually { try await service.items(Self.list).count == 2 }
            let rows = try await service.items(Self.list)
            let (newest, oldest) = (try #require(rows.first), try #require(rows.last))
            #expect(oldest["account"]?.string == Shop.clientID)
            #expect(oldest["request_id"]?.string == "18436")
            #expect(oldest["cause"]?.string == WireRejection.signatureWrong.rawValue)
            #expect(oldest["size"]?.integer == Int64(body.count))
            try await eventually {
                try await service.items(Self.list).last?["times"]?.integer == 3
            }
            #expect(newest["request_id"]?.string == "bare")
            #expect(newest["cause"]?.string == WireRejection.signatureMissing.rawValue)
            #expect(newest["size"]?.integer == 0)
            #expect(service.log.text.contains("quarantine"))
            let metrics = try await service.admin.get("/metrics").text
            let name = "loket_notifications_unverified_total"
            let cause = WireRejection.signatureWrong.rawValue
            #expect(metrics.contains("\(name){cause=\"\(cause)\"} 3\n"))
        }
    }

    @Test func `the list has pages, and refuses unknown parameters`() async throws {
        try await withTill { service in
            for place in 0..<5 {
                let request = Till.forger.notification(Till.notice().body, requestID: "\(place)")
                _ = try await service.ask(request)
            }
            try await eventually { try await service.items(Self.list).count == 5 }
            let page = try await service.admin.get(Self.list + "?limit=3").list("request_id")
            #expect(page.values == ["4", "3", "2"])
            let cursor = try #require(page.cursor)
            let rest = try await service.admin.get(Self.list + "?cursor=\(cursor)")
                .list("request_id")
            #expect(rest.values == ["1", "0"])
            #expect(rest.cursor == nil)
            try expectProblem(
                try await service.admin.get(Self.list + "?standing=x"), 400, "unknown_parameter")
            try expectProblem(
                try await service.admin.post(Self.list + "/retry", #"{"id":"1"}"#), 400,
                "unknown_field")
        }
    }

    /// Genuine notifications, each with the name of its mistake.
    private static let mistaken = [
        (Till.inquirer, "other_route_path"), (Till.withSlash, "trailing_slash"),
        (Till.onTheWire, "wire_path"), (Till.withNewline, "secret_newline"),
        (Till.withNeighboursSecret, "secret_of_other_account"),
    ]

    @Test func `many forgeries do not displace notifications with a known mistake`() async throws {
        try await withTill { service in
            let connection = try await service.connect()
            let count = Limits.quarantineBurst + 150
            var genuine: [String: String] = [:]
            for place in 0..<count {
                var requests = [
                    Till.forger.notification(Till.notice().body, requestID: "\(place)")
                ]
                if place.isMultiple(of: 12) {
                    let (doku, mistake) = Self.mistaken[genuine.count % Self.mistaken.count]
                    let id = "genuine-\(place)"
                    genuine[id] = mistake
                    requests.append(doku.notification(Till.notice().body, requestID: id))
                }
                for request in requests {
                    try await connection.send(request.wire)
                    #expect(try await connection.answer().status == 401)
                }
            }
            // The neighbour's account has its own allowance.
            var other = Till.neighboursDoku.notification(Till.notice().body)
            other.body.append(0x20)
            #expect(try await service.ask(other).status == 401)
            try await eventually {
                try await service.items(Self.list + "?limit=1").first?["account"]?.string
                    == Shop.neighbourID
            }
            let kept = try await service.items(Self.list + "?limit=1000").dropFirst()
            let explained = kept.filter { $0["mistake"]?.isNull == false }
            #expect(
                explained.reduce(into: [:]) {
                    $0[$1["request_id"]?.string ?? ""] = $1["mistake"]?.string
                } == genuine)
            let forged = kept.count - explained.count
            #expect(forged >= Limits.quarantineBurst)
            #expect(forged < count)
            #expect(
                try await service.metric("loket_notifications_not_quarantined_total")
                    == count - forged)
            #expect(try await service.notify(Till.notice()).status == 200)
        }
    }

    @Test func `a notification that verifies with the fixed secret is recorded once`() async throws
    {
        try await withFolder { folder in
            let (payment, wrong) = (Till.notice(transaction: "1"), Till.notice("INV-9"))
            let request = Till.doku.notification(payment.body)
            try await withTill(
                in: folder, { $0.accounts[0].secrets = [Secret(utf8: Array(Shop.target.utf8))] }
            ) { service in
                try service.seed([.sample(Till.code, "INV-1")])
                #expect(try await service.ask(request).status == 401)
                #expect(try await service.notify(wrong, by: Till.forger).status == 401)
                try await eventually { try await service.items(Self.list).count == 2 }
                #expect(try await retry(service) == [0, 2])
                #expect(try await service.state() == "open")
            }
            try await withTill(in: folder) { service in
                let received = try await service.items(Self.list).last?["received_at"]?.string
                #expect(try await retry(service) == [1, 1])
                #expect(try await service.state() == "paid")
                let rows = try await service.items("/admin/v1/notifications")
                #expect(rows.map { $0["request_id"]?.string } == [request.header("Request-Id")])
                #expect(rows.first?["received_at"]?.string == received)
                #expect(try await retry(service) == [0, 1])
                // DOKU's own retry of the notification is a repeat.
                #expect(try await service.ask(request).status == 200)
                #expect(try await service.payments().count == 1)
                #expect(
                    try await service.items("/admin/v1/notifications").first?["repeats"]?.integer
                        == 1)
            }
        }
    }

    @Test func `a notification recorded by DOKU's retry leaves at the next try`() async throws {
        try await withTill { service in
            let body = Till.notice("INV-404").body
            for doku in [Till.withSlash, Till.doku] {
                _ = try await service.ask(doku.notification(body, requestID: "R-5"))
            }
            try await eventually { try await service.items(Self.list).count == 1 }
            #expect(try await retry(service) == [0, 0])
            #expect(try await service.items(Self.list).isEmpty)
        }
    }

    @Test func `unexplained notifications wait until another notification verifies`() async throws {
        try await withTill { service in
            for place in 0..<3 {
                _ = try await service.ask(Till.inquirer.inquiry(Till.code))
                let body = Till.notice("INV-\(place)").body
                _ = try await service.ask(Till.forger.notification(body))
                try await eventually { try await service.items(Self.list).count == place + 1 }
                try await eventually {
                    try await service.metric("loket_journal_written_total") == place + 1
                }
                await service.look()
                let names = try await service.findingNames()
                #expect(names == (place < 2 ? [] : ["quarantine"]))
            }
            try await service.pay(Till.notice("INV-404"))
            await service.look()
            #expect(try await service.findingNames() == ["payments_to_decide"])
        }
    }

    @Test func `a payment recorded late is logged like one recorded in time`() async throws {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                try service.seed([.sample(Till.code, "INV-1")])
                let tooLittle = Till.notice(amount: 5)
                #expect(try await service.notify(tooLittle, by: Till.misdirected).status == 401)
                try await eventually { try await service.items(Self.list).count == 1 }
            }
            try await withTill(
                in: folder,
                { $0.gateway.notificationSignedPath = Till.misdirected.signedTarget }
            ) { service in
                let counts = try await retry(service)
                #expect(counts == [1, 0])
                let state = try await service.state()
                #expect(state == "held")
                let line = service.log.lines.first {
                    $0.message.hasPrefix("a payment needs a decision: amount_mismatch")
                }
                #expect(line?.text("bill") == "1", "\(service.log.text)")
                let rows = try await service.items(Self.list)
                #expect(rows.isEmpty)
            }
        }
    }
}
