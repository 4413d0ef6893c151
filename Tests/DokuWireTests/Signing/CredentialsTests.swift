// Verifying a signature: two active secrets, unknown clients, targets, and the resulting proof.

import DokuWire
import LoketCore
import Testing

struct CredentialsTests {
    @Test func `a correctly signed request is proved`() throws {
        let request = SampleRequest()
        let proof = try SampleRequest.credentials.verify(
            try SignedHeaders(request.fields), target: SampleRequest.target, body: request.body)
        #expect(proof.clientID == request.clientID)
        #expect(proof.requestID == request.requestID)
        #expect(proof.sentAt == Moment(seconds: 1_597_135_542))
        #expect(
            proof.secret.signature(over: [1]) == SampleRequest.secret.signature(over: [1]))
    }

    @Test(arguments: [
        "", "HMACSHA256=", "HMACSHA256", "x",
        "hmacsha256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA512=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HmacSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256:7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256= 7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE==",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE= ",
        " HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=\n",
        "HMACSHA256=7LaAO_eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoF=",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKo",
        "HMACSHA256=HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=",
        "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=\u{0}",
        "HMACSHA256=ecb6803bf78d959781a39c4815d60135f5fd64db96b0ae05daa5db53a64d2a81",
    ])
    func `a signature is compared as a whole, with prefix and padding`(signature: String) {
        var request = SampleRequest()
        #expect(
            request.signature == "HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=")
        request.signature = signature
        #expect(
            request.rejection() == (signature.isEmpty ? .signatureMissing : .signatureWrong))
    }

    @Test func `each of two secrets works and is named in the proof`() throws {
        let old = Secret(utf8: Array("SK-the-previous-one-00".utf8))
        let new = Secret(utf8: Array("SK-the-next-one-000000".utf8))
        for secrets in [[old, new], [new, old]] {
            let credentials = Credentials([SampleRequest.clientID: secrets])
            for secret in [old, new] {
                let request = SampleRequest(secret: secret)
                let proof = try credentials.verify(
                    try SignedHeaders(request.fields), target: SampleRequest.target,
                    body: request.body)
                #expect(proof.secret.signature(over: [1]) == secret.signature(over: [1]))
            }
            #expect(SampleRequest().rejection(by: credentials) == .signatureWrong)
        }
    }

    @Test(arguments: [
        "MCH-0001-10791114622548", "mch-0001-10791114622547", "MCH-0001-1079111462254",
        "MCH-0001-107911146225470", "x",
    ])
    func `a client that is not configured is unknown, however it signs`(clientID: String) {
        #expect(SampleRequest(clientID: clientID).rejection() == .clientIDUnknown)
        #expect(
            SampleRequest(clientID: clientID).rejection(by: Credentials([:])) == .clientIDUnknown)
    }

    @Test func `one account's secret does not sign for another`() {
        let credentials = Credentials([
            SampleRequest.clientID: [SampleRequest.secret],
            "BRN-0227": [Secret(utf8: Array("SK-another-account-000".utf8))],
        ])
        #expect(SampleRequest().rejection(by: credentials) == nil)
        #expect(SampleRequest(clientID: "BRN-0227").rejection(by: credentials) == .signatureWrong)
    }

    @Test(arguments: [
        "", "/", "/doku/inquiry/", "/doku/inquiry?", "/doku/Inquiry", "/doku/inquir",
        "/doku/notification", "//doku/inquiry", "doku/inquiry", "/doku/%69nquiry",
        "http://localhost/doku/inquiry", "/doku/inquiry\n",
    ])
    func `a signature over one target is wrong at another`(target: String) {
        #expect(SampleRequest().rejection(target: target) == .signatureWrong)
    }

    @Test(arguments: [
        "2020-08-11T08:45:42", "2020-08-11T08:45:42+00:00", "2020-08-11T15:45:42+07:00",
        "2020-08-11 08:45:42Z", "2020-08-11T08:45:42.000Z", "2020-08-11T08:45:42z", "1597135542",
        "2020-02-30T08:45:42Z", " 2020-08-11T08:45:42Z", "2020-08-11T08:45:42Z ", " ", "\u{E9}",
    ])
    func `a timestamp in another form is refused, even if it is signed`(timestamp: String) {
        #expect(SampleRequest(timestamp: timestamp).rejection() == .timestampMalformed)
    }

    @Test func `the age of a timestamp is not checked here`() {
        for timestamp in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            #expect(SampleRequest(timestamp: timestamp).rejection() == nil)
        }
    }

    @Test func `no text representation of a secret contains the secret`() {
        let text = "SK-not-to-be-seen-anywhere"
        let secret = Secret(utf8: Array(text.utf8))
        var dumped = ""
        dump(Credentials(["client": [secret]]), to: &dumped)
        for shown in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!shown.contains(text))
            #expect(shown.contains("hidden"))
        }
    }
}
