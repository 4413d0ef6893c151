// The signature of a message, and the file of the secrets.

import Foundation
import LoketCore
import LoketSystem
import TestSupport
import Testing
@testable import LoketRuntime

struct WebhookMessageTests {
    /// Computed from the specification with other programs.
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private static let message = WebhookMessage(
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: Array(#"{"test": 2432232314}"#.utf8))
    private static let now = Moment(milliseconds: 1_614_265_330_999)

    @Test func `a message is signed as the specification says`() throws {
        let secret = try #require(WebhookSecret(Self.secret))
        let headers = Self.message.headers(at: Self.now, secrets: [secret])
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers.map(\.value) == [Self.message.id, "1614265330", Self.signature])
    }

    @Test func `each of two secrets gives a signature, with a space between them`() throws {
        let secrets = [WebhookSecret.newText(), Self.secret].compactMap { WebhookSecret($0) }
        let value = Self.message.headers(at: Self.now, secrets: secrets)[2].value
        #expect(value.split(separator: " ").count == 2)
        #expect(value.hasPrefix("v1,") && value.hasSuffix(" " + Self.signature))
    }

    @Test func `a new secret is 32 random bytes`() throws {
        let texts = (0..<100).map { _ in WebhookSecret.newText() }
        #expect(Set(texts).count == 100)
        for text in texts {
            #expect(text.hasPrefix("whsec_"))
            #expect(base64Decoded(text.utf8.dropFirst(6))?.count == 32)
        }
        for text in ["", "whsec_", "whsec_*", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            #expect(WebhookSecret(text) == nil)
        }
    }

    // MARK: The key file

    @Test func `secrets are in a file of mode 0600, two of a name at most`() throws {
        try withFolder { folder in
            let secrets = WebhookSecrets(besideDatabase: folder.file("loket.db"))
            let first = try secrets.add(to: "a")
            _ = try secrets.add(to: "b")
            let attributes = try FileManager.default.attributesOfItem(atPath: secrets.path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(secrets.count(of: "a") == 1)
            let second = try secrets.add(to: "a")
            _ = try secrets.add(to: "a")
            #expect(secrets.count(of: "a") == 2)
            let text = try String(contentsOfFile: secrets.path, encoding: .utf8)
            // The second may never have reached the receiver.
            #expect(text.contains(first) && !text.contains(second), "the first is kept")
            try secrets.dropOld(of: "a")
            #expect(secrets.count(of: "a") == 1)
            try secrets.remove("b")
            #expect(secrets.count(of: "b") == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["loket.db.webhook-secrets"])
        }
    }

    private static let faults: [(content: String?, mode: Int, words: String)] = [
        (nil, 0, "the secret is missing in"), ("{}", 0o600, "the secret is missing in"),
        (#"{"a":["short"]}"#, 0o600, "the secret is missing in"),
        (#"{"a":["\#(secret)"]}"#, 0o640, "other users may read it: run chmod 600"),
        ("x", 0o600, "is damaged: move it away, and rotate"),
    ]

    @Test(arguments: faults.indices)
    func `a file that cannot be used is a clear error`(_ index: Int) throws {
        let (content, mode, words) = Self.faults[index]
        try withFolder { folder in
            let secrets = WebhookSecrets(besideDatabase: folder.file("loket.db"))
            if let content {
                try content.write(toFile: secrets.path, atomically: false, encoding: .utf8)
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: secrets.path)
            }
            let fault = #expect(throws: WebhookSecrets.Fault.self) {
                _ = try secrets.secrets(of: "a")
            }
            #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
        }
    }
}
