// The signature vectors in the tests' folder, as values.

import Foundation
import TestSupport

struct Vectors: Decodable {
    struct Digest: Decodable {
        let body: String
        let digest: String
    }

    struct Signed: Decodable {
        let name: String
        let secret: String
        let clientID: String
        let requestID: String
        let requestTimestamp: String?
        let responseTimestamp: String?
        let requestTarget: String
        let body: String?
        let digest: String?
        let component: String
        let signature: String

        enum CodingKeys: String, CodingKey {
            case name, secret, body, digest, component, signature
            case clientID = "client_id"
            case requestID = "request_id"
            case requestTimestamp = "request_timestamp"
            case responseTimestamp = "response_timestamp"
            case requestTarget = "request_target"
        }
    }

    let digests: [Digest]
    let signatures: [Signed]

    static func read() throws -> Vectors {
        let file = TestFolder.file("../Vectors/signatures.json")
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }
}
