// A notification is a payment, so its timestamp is signed like everything else but may have any
// form.

import DokuWire
import LoketCore
import Testing

struct AnyTimestampTests {
    private static func rejection(
        _ request: SampleRequest, by credentials: Credentials = SampleRequest.credentials
    ) -> WireRejection? {
        do {
            _ = try credentials.verify(
                try SignedHeaders(request.fields), target: SampleRequest.target,
                body: request.body, anyTimestamp: true)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "2020-08-11T08:45:42", "2020-08-11T15:45:42+07:00", "2020-08-11 08:45:42Z", "1597135542",
        "20200811154542", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "2020-02-30T08:45:42Z", "\u{E9}", "Tue, 11 Aug 2020 08:45:42 GMT",
    ])
    func `a signed timestamp of any form is accepted`(_ timestamp: String) throws {
        let request = SampleRequest(timestamp: timestamp)
        let proof = try SampleRequest.credentials.verify(
            try SignedHeaders(request.fields), target: SampleRequest.target, body: request.body,
            anyTimestamp: true)
        #expect(proof.sentAt == Moment(dokuTimestamp: timestamp))
        #expect(proof.requestID == request.requestID)
        var other = request
        other.timestamp += "0"
        #expect(Self.rejection(other) == .signatureWrong)
    }

    @Test func `every other fault is refused as before`() {
        #expect(Self.rejection(SampleRequest()) == nil)
        #expect(Self.rejection(SampleRequest(clientID: "x")) == .clientIDUnknown)
        let stranger = Secret(utf8: Array("SK-another-account-000".utf8))
        #expect(Self.rejection(SampleRequest(secret: stranger)) == .signatureWrong)
        #expect(
            Self.rejection(SampleRequest(timestamp: "soon", secret: stranger)) == .signatureWrong)
        #expect(Self.rejection(SampleRequest(timestamp: "")) == .timestampMissing)
        var changed = SampleRequest()
        changed.body.append(0x0A)
        #expect(Self.rejection(changed) == .signatureWrong)
    }

    @Test func `by default the form of the timestamp is checked`() {
        #expect(SampleRequest(timestamp: "1597135542").rejection() == .timestampMalformed)
    }
}
