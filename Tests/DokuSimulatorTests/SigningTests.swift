// DOKU's side signs as the published vectors do: the same bytes with the same key and headers.

import DokuSimulator
import DokuWire
import Foundation
import LoketJSON
import Testing

struct SigningTests {
    private struct Vectors: Decodable {
        struct Signed: Decodable {
            let name: String
            let secret: String
            let client_id: String
            let request_id: String
            let request_timestamp: String?
            let request_target: String
            let body: String?
            let signature: String
        }

        let signatures: [Signed]
    }

    /// The vectors are in the folder of DokuWireTests.
    private static func requests() throws -> [Vectors.Signed] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("DokuWireTests/Vectors/signatures.json")
        let all = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
        return all.signatures.filter { $0.request_timestamp != nil && $0.body != nil }
    }

    @Test func `a request is signed as in the vectors`() throws {
        let vectors = try Self.requests()
        #expect(vectors.count >= 2)
        for vector in vectors {
            let doku = Doku(
                clientID: vector.client_id, secret: Array(vector.secret.utf8),
                signedTarget: vector.request_target)
            let timestamp = try #require(vector.request_timestamp)
            let request = doku.request(
                body: Array((vector.body ?? "").utf8), requestID: vector.request_id,
                timestamp: timestamp)
            #expect(request.header("signature") == vector.signature, "\(vector.name)")
            #expect(request.header("CLIENT-ID") == vector.client_id)
            #expect(request.header("Request-Id") == vector.request_id)
            #expect(request.header("Request-Timestamp") == timestamp)
            #expect(request.target == vector.request_target)
            #expect(request.method == "POST")
        }
    }

    @Test func `the target on the wire does not change the signed bytes`() {
        let plain = Sample.doku.request(body: [1], requestID: "1", timestamp: "t")
        let proxied = Sample.doku.request(
            body: [1], target: "/inner", requestID: "1", timestamp: "t")
        #expect(proxied.target == "/inner")
        #expect(proxied.headers == plain.headers)
    }

    @Test(arguments: Doku.Counter.allCases, Doku.Layout.allCases)
    func `a body has the same content in every layout`(
        counter: Doku.Counter, layout: Doku.Layout
    ) throws {
        let bytes = Doku.inquiryBody(
            code: "0012345", counter: counter, date: "2020-08-11T08:45:42Z", layout: layout)
        let inquiry = try #require(O2OInquiry(try StrictJSON(bytes)))
        let name = counter.rawValue.uppercased()
        #expect(inquiry.isOurService)
        #expect(inquiry.acquirerID == name)
        #expect(inquiry.channelID == "ONLINE_TO_OFFLINE_" + name)
        #expect(inquiry.codeText == "0012345")
        #expect(inquiry.date == "2020-08-11T08:45:42Z")
        #expect(bytes.contains(0x0A) == (layout == .pretty))
    }

    @Test func `the minified body is the one that DOKU sends`() throws {
        let vector = try #require(try Self.requests().first { $0.name.contains("minified") })
        let body = Doku.inquiryBody(
            code: "8896512345678123", counter: .alfa, date: "2020-08-11T08:45:42Z")
        #expect(String(decoding: body, as: UTF8.self) == vector.body)
    }

    @Test func `an id is a new UUID each time`() {
        let ids = (0..<100).map { _ in Doku.newRequestID() }
        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(UUID(uuidString: id) != nil)
        }
    }
}
