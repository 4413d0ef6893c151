// The parameter `channel` of lists of payments: the name of a channel, or its id as DOKU sends it.

import LoketCore
import LoketRuntime

extension ChannelNames {
    static let rule =
        "must be " + Channel.allCases.map { "`\($0.rawValue)`" }.joined(separator: " or ")
        + ", or an id of a channel as DOKU sends it"

    /// Returns the parameter `channel`.
    ///
    /// - Throws: `invalid_parameter` if it is no name and cannot be an id.
    static func parameter(_ parameters: [String: String]) throws -> String? {
        try parameters["channel"].map { text in
            let isText = !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isText, text.utf8.count <= Limits.notedTextMax else {
                throw Problem(.invalidParameter, "`channel` \(rule)")
            }
            return text
        }
    }
}
