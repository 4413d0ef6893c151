// Who may send notifications, how large and how old a notification may be, and the answers to
// refused senders.

import DokuSimulator
import LoketCore
import Testing

struct NotificationGuardTests {
    private static let words = ["Signature", "Client-Id", "Request-Id", "Response-Timestamp"]

    @Test func `the answer is signed and says what was recorded`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let request = Till.doku.notification(Till.notice().body)
            let answer = try await service.ask(request)
            expectSigned(
                answer, to: request, by: Till.doku, status: 200,
                body: #"{"order":{"invoice_number":"INV-1"},"online_to_offline_info":"#
                    + #"{"payment_code":"88965110000001"}}"#)
            let second = Till.dokuWithPrevious.notification(Till.notice("INV-2").body)
            let other = try await service.ask(second)
            #expect(Till.dokuWithPrevious.signature(of: other, to: second) == .verified)
        }
    }

    @Test func `another method is 405 and says which is right`() async throws {
        try await withTill { service in
            for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"] {
                var request = Till.doku.notification(Till.notice().body)
                request.method = method
                if method == "HEAD" { request.body = [] }
                let answer = try await service.ask(request)
                #expect(answer.status == 405, "\(method)")
                #expect(answer.header("Allow") == "POST", "\(method)")
                #expect(answer.body.isEmpty, "\(method)")
            }
            #expect(try await service.payments().isEmpty)
        }
    }

    @Test func `another target is 404`() async throws {
        try await withTill { service in
            for target in [
                "/doku/notification/", "/doku/notification?", "/doku/Notification",
                "/doku/notificatio", "//doku/notification", "/doku/%6Eotification",
                Till.signedTarget,
            ] {
                var request = Till.doku.notification(Till.notice().body)
                request.target = target
                let answer = try await service.ask(request)
                #expect(answer.status == 404, "\(target)")
            }
            #expect(try await service.items("/admin/v1/notifications").isEmpty)
        }
    }

    /// A notification whose body has this many bytes, all of them signed.
    private static func request(bytes: Int) -> DokuRequest {
        var body = Till.notice().body
        body.removeLast()
        body += Array(",\"more\":\"".utf8)
        body += Array(repeating: UInt8(ascii: "x"), count: bytes - body.count - 2)
        return Till.doku.notification(body + Array("\"}".utf8))
    }

    @Test func `a body of 256 KiB is accepted, whole or in chunks`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let request = Self.request(bytes: 256 * 1024)
            for wire in [request.wire, request.chunkedWire(of: 5000)] {
                let connection = try await service.connect()
                try await connection.send(wire)
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(Till.doku.signature(of: answer, to: request) == .verified)
            }
            #expect(try await service.payments().count == 1)
            let kept = try await service.admin.get("/admin/v1/notifications/1").json()
            #expect(kept["repeats"]?.integer == 1)
            #expect(kept["body"]?.string == String(decoding: request.body, as: UTF8.self))
        }
    }

    @Test func `one byte more is refused, whole or in chunks, and nothing is kept`() async throws {
        try await withTill { service in
            let request = Self.request(bytes: 256 * 1024 + 1)
            for wire in [request.wire, request.chunkedWire(of: 5000)] {
                let connection = try await service.connect()
                try await connection.send(wire)
                let answers = try await connection.answersUntilEnd()
                #expect(answers.map(\.status) == [413])
                #expect(answers.first?.body.isEmpty == true)
            }
            #expect(try await service.items("/admin/v1/notifications").isEmpty)
            #expect(try await service.items("/admin/v1/quarantine").isEmpty)
        }
    }

    private static let changes: [(name: String, change: @Sendable (inout DokuRequest) -> Void)] = [
        ("body", { $0.body.append(0x20) }),
        ("no signature", { request in request.headers.removeAll { $0.name == "Signature" } }),
        ("no timestamp", { $0.headers.removeAll { $0.name == "Request-Timestamp" } }),
        ("no id", { request in request.headers.removeAll { $0.name == "Request-Id" } }),
        ("two ids", { $0 = $0.adding("Request-Id", "x") }),
        ("two clients", { $0 = $0.adding("Client-Id", Shop.neighbourID) }),
        ("no client", { request in request.headers.removeAll { $0.name == "Client-Id" } }),
        ("everything", { $0.headers = [] }),
    ]

    @Test func `an unverified notification is answered 401, empty and unsigned`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            var requests = Self.changes.map { name, change in
                var request = Till.doku.notification(Till.notice().body)
                change(&request)
                return (name, request)
            }
            for (name, doku) in [
                ("forger", Till.forger), ("other path", Till.misdirected),
                ("inquiry's path", Till.inquirer), ("stranger", Shop.doku),
            ] {
                requests.append((name, doku.notification(Till.notice().body)))
            }
            for (name, request) in requests {
                let answer = try await service.ask(request)
                #expect(answer.status == 401, "\(name)")
                #expect(answer.body.isEmpty, "\(name)")
                for word in Self.words { #expect(answer.header(word) == nil, "\(name)") }
            }
            #expect(try await service.items("/admin/v1/notifications").isEmpty)
            #expect(try await service.state() == "open")
        }
    }

    @Test(arguments: ["2001-01-01T00:00:00Z", "yesterday"])
    func `neither format nor age of the timestamp refuses`(_ timestamp: String) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let request = Till.doku.notification(Till.notice().body, timestamp: timestamp)
            let answer = try await service.ask(request)
            #expect(answer.status == 200)
            #expect(Till.doku.signature(of: answer, to: request) == .verified)
            #expect(try await service.state() == "paid")
            let kept = try await service.admin.get("/admin/v1/notifications/1").json()
            #expect(kept["timestamp"]?.string == timestamp)
        }
    }

    @Test func `an answer's headers are whole on a kept connection`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let connection = try await service.connect()
            for place in 0..<30 {
                let request = Till.doku.notification(Till.notice("INV-\(place)").body)
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.header("Request-Id") == request.header("Request-Id"))
                #expect(answer.header("Connection") == nil)
                #expect(Till.doku.signature(of: answer, to: request) == .verified)
            }
            try await connection.send(Till.inquirer.inquiry(Till.code).wire)
            #expect(try await connection.answer().status == 400)
        }
    }
}
