// The requests of the scenes: correctly signed, unless the scene is about a wrong signature.

import DokuSimulator
import DokuWire
import LoketCore
import LoketJSON
import Testing

struct SceneRequestTests {
    private static let now = Moment(seconds: 1_700_000_000)
    private let script = Script(exclusive: "889651", direct: "12345")

    @Test func `the request of every scene except the forged one verifies`() {
        let credentials = Credentials(["MCH-1": [Sample.secret]])
        for scene in script.scenes {
            let request = scene.request(by: Sample.doku, now: Self.now)
            let proof = try? credentials.verify(
                SignedHeaders(request.headers.map { (name: $0.name, value: $0.value) }),
                target: Sample.target, body: request.body)
            #expect((proof != nil) == scene.isVerified, "\(scene.title)")
            if let sentAt = proof?.sentAt {
                let age = Self.now.seconds - sentAt.seconds
                #expect(age == (scene.expected.signed ? 0 : 7200), "\(scene.title)")
            }
        }
    }

    @Test func `a scene sends its code with its counter and layout`() throws {
        for scene in script.scenes where scene.isVerified {
            let request = scene.request(by: Sample.doku, now: Self.now)
            let inquiry = try #require(O2OInquiry(try StrictJSON(request.body)))
            #expect(inquiry.codeText == scene.code)
            #expect(inquiry.acquirerID == scene.counter.rawValue.uppercased())
            #expect(request.body.contains(0x0A) == (scene.layout == .pretty))
        }
    }

    @Test func `two runs of a scene have different ids`() {
        let scene = script.scenes[0]
        let ids = (0..<2).map { _ in
            scene.request(by: Sample.doku, now: Self.now).header("Request-Id")
        }
        #expect(ids[0] != ids[1])
    }
}
