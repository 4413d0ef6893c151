// A valid request with one bit changed, for every bit of body, headers and target, is refused.

import Testing

struct OneBitTests {
    private let good = SampleRequest()

    @Test func `the unchanged request verifies`() {
        #expect(good.rejection() == nil)
    }

    @Test func `no bit of the body may change`() {
        for bit in 0..<(good.body.count * 8) {
            var request = good
            request.body[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(request.rejection() == .signatureWrong, "bit \(bit)")
        }
    }

    @Test func `no byte of the body may be missing, doubled or added`() {
        for place in good.body.indices {
            var request = good
            let byte = request.body.remove(at: place)
            #expect(request.rejection() == .signatureWrong, "without byte \(place)")
            request.body.insert(contentsOf: [byte, byte], at: place)
            #expect(request.rejection() == .signatureWrong, "byte \(place) twice")
        }
        for byte in Array("\n \r\t\u{0}".utf8) {
            var request = good
            request.body.append(byte)
            #expect(request.rejection() == .signatureWrong)
            request.body = [byte] + good.body
            #expect(request.rejection() == .signatureWrong)
        }
    }

    @Test(
        arguments: [
            \SampleRequest.clientID, \SampleRequest.requestID, \SampleRequest.timestamp,
            \SampleRequest.signature,
        ] as [WritableKeyPath<SampleRequest, String> & Sendable])
    func `no bit of a header's value may change`(
        path: WritableKeyPath<SampleRequest, String> & Sendable
    ) {
        let bytes = Array(good[keyPath: path].utf8)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            var request = good
            request[keyPath: path] = String(decoding: changed, as: UTF8.self)
            #expect(request.rejection() != nil, "bit \(bit)")
        }
    }

    @Test func `no bit of the target may change`() {
        let bytes = Array(SampleRequest.target.utf8)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let target = String(decoding: changed, as: UTF8.self)
            #expect(good.rejection(target: target) == .signatureWrong, "bit \(bit)")
        }
    }

    @Test func `values may not move between the lines that are signed`() {
        var request = SampleRequest(requestID: "a-b")
        request.clientID += "\nRequest-Id:a-b"
        request.requestID = "x"
        #expect(request.rejection() == .clientIDMalformed)
    }
}
