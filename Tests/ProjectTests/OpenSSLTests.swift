// The signature made with other programs: the shell lines of docs/doku.md, run with `openssl`,
// `base64` and `curl` against the service. The answer's signature is recomputed with them too.

import Foundation
import LoketSystem
import Testing

extension Processes {
    @Suite struct OpenSSL {
        /// Returns the lines that the document tells a reader to type.
        private func documentedLines() throws -> String {
            let blocks = try Document("docs/doku.md").blocks
            let lines = try #require(blocks.first { $0.lines[0].hasPrefix("body=") }).lines
            return lines.map { $0 + "\n" }.joined()
        }

        /// With the settings of the example, and with those that `loket init` writes.
        @Test(arguments: ["", "'"])
        func `the documented shell lines get a 200 that openssl verifies`(
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
                var lines = try documentedLines()
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
