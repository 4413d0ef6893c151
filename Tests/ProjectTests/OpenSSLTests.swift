// The signature made by somebody else's hands: the README's own shell lines, run with `openssl`,
// `base64` and `curl`, against the service; and the answer's signature recomputed the same way.

import Foundation
import LoketSystem
import Testing

extension Processes {
    @Suite struct OpenSSL {
        /// What the README tells a reader to type, from the line that sets `body`.
        private func readmeLines() throws -> String {
            let text = try Project.text("README.md")
            let blocks = text.split(separator: "```sh\n").dropFirst()
                .compactMap { $0.split(separator: "```").first }
            return String(try #require(blocks.first { $0.hasPrefix("body=") }))
        }

        /// With settings as in the example, and as `loket init` writes them.
        @Test(arguments: ["", "'"])
        func `the README's shell lines get a 200 that openssl verifies`(
            _ quote: String
        ) async throws {
            try await withSite { site in
                let client = "client_id: "
                try site.writeSettings([
                    (
                        of: client + Site.clientID,
                        with: client + quote + Site.clientID + quote
                    )
                ])
                let service = try await site.serve()
                try await service.addBill("88965112345678", invoice: "INV-1")
                var lines = try readmeLines()
                    .replacing("http://127.0.0.1:8080", with: "http://127.0.0.1:$port")
                    .replacing("secrets/doku", with: "secret")
                    .replacing("curl -i", with: "curl --silent --dump-header head --output body")
                lines += #"""

                    field() { tr -d '\r' < head | sed -n "s/^$1: //p"; }
                    digest=$(openssl dgst -sha256 -binary < body | base64)
                    expected=$(printf 'Client-Id:%s\nRequest-Id:%s\nResponse-Timestamp:%s\nRequest-Target:%s\nDigest:%s' "$(field Client-Id)" "$id" "$(field Response-Timestamp)" "$path" "$digest" | openssl dgst -sha256 -hmac "$(cat secret)" -binary | base64)
                    [ "$(field Signature)" = "HMACSHA256=$expected" ] && echo verified
                    cat head body

                    """#
                try site.write(lines, to: "ask.sh")
                let outcome = try await site.run(
                    ["ask.sh"], program: "sh", environment: ["port": "\(service.gatewayPort)"])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.hasPrefix("verified\nHTTP/1.1 200 OK"), "\(outcome)")
                #expect(outcome.output.contains(#""invoice_number":"INV-1""#))
            }
        }
    }
}
