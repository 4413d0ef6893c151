// Every published vector, in both directions: digest, component string, signature, answer.

import DokuWire
import LoketCore
import Testing

struct VectorTests {
    @Test func `every digest matches`() throws {
        let digests = try Vectors.read().digests
        #expect(digests.count >= 3)
        for vector in digests {
            let digest = Signature.digest(of: Array(vector.body.utf8))
            #expect(digest == Array(vector.digest.utf8), "body \(vector.body)")
        }
    }

    @Test func `every component string and signature matches, byte for byte`() throws {
        let vectors = try Vectors.read().signatures
        #expect(vectors.contains { $0.requestTimestamp != nil && $0.body != nil })
        #expect(vectors.contains { $0.responseTimestamp != nil })
        #expect(vectors.contains { $0.body == nil })
        for vector in vectors {
            let isRequest = vector.requestTimestamp != nil
            let timestamp = try #require(vector.requestTimestamp ?? vector.responseTimestamp)
            let body = vector.body.map { Array($0.utf8) }
            let component = Signature.component(
                isRequest ? .request : .response, clientID: vector.clientID,
                requestID: vector.requestID, timestamp: timestamp, target: vector.requestTarget,
                body: body)
            #expect(component == Array(vector.component.utf8), "\(vector.name)")
            #expect(body.map(Signature.digest) == vector.digest.map { Array($0.utf8) })
            let secret = Secret(utf8: Array(vector.secret.utf8))
            #expect(
                secret.signature(over: component) == vector.signature,
                "\(vector.name)")
        }
    }

    @Test func `every signed request with a body verifies`() throws {
        for vector in try Vectors.read().signatures {
            guard let timestamp = vector.requestTimestamp, let body = vector.body else {
                continue
            }
            let headers = try SignedHeaders([
                ("Client-Id", vector.clientID), ("Request-Id", vector.requestID),
                ("Request-Timestamp", timestamp), ("Signature", vector.signature),
            ])
            let credentials = Credentials([
                vector.clientID: [Secret(utf8: Array(vector.secret.utf8))]
            ])
            let proof = try credentials.verify(
                headers, target: vector.requestTarget, body: Array(body.utf8))
            #expect(proof.clientID == vector.clientID)
            #expect(proof.requestID == vector.requestID)
            #expect(proof.sentAt?.utcText == timestamp)
        }
    }

    @Test func `an empty body is signed with its digest, a missing one without`() {
        func component(_ body: [UInt8]?) -> [UInt8] {
            Signature.component(
                .request, clientID: "c", requestID: "r", timestamp: "t", target: "/", body: body)
        }
        let lines = "Client-Id:c\nRequest-Id:r\nRequest-Timestamp:t\nRequest-Target:/"
        #expect(component(nil) == Array(lines.utf8))
        let digest = "\nDigest:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        #expect(component([]) == Array((lines + digest).utf8))
    }

    @Test func `the answers of the vectors are those that we write`() throws {
        let vectors = try Vectors.read().signatures
        let code = try #require(PaymentCode("8896512345678123"))
        let payable = O2OAnswer.Payable(
            invoiceNumber: try #require(InvoiceNumber("INV-20210125-0001")),
            amount: try #require(Rupiah(whole: 150_000)), paymentCode: code, info: "Thank you",
            customerName: "Anton Budiman", customerEmail: "anton@example.com")
        let success = try #require(vectors.first { $0.name == "inquiry answer, success" })
        #expect(O2OAnswer.success(payable) == Array(try #require(success.body).utf8))
        let decline = try #require(
            vectors.first { $0.name == "inquiry answer, billing_not_found" })
        #expect(
            O2OAnswer.decline(.notFound, paymentCode: code)
                == Array(try #require(decline.body).utf8))
    }
}
