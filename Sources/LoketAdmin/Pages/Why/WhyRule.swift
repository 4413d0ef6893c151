// The rule that determined an answer, as the name of its sentences in the table of strings: the
// guard, or one of two names for a request that did not verify.

import LoketJSON

struct WhyRule {
    static let signature = "signature"
    static let path = "path"

    let name: String

    init(name: String) { self.name = name }

    init(explanation: JSONValue) {
        if let answeredBy = explanation["answer"]?["guard"]?.string {
            name = answeredBy
        } else {
            // A request to an unknown path was never read, so it has no signature to explain.
            name = explanation["signature"]?.isNull == false ? Self.signature : Self.path
        }
    }

    var isRefusal: Bool { name != "payable" }
}
