// `why` as the merchant uses it, with a wait, because the journal is written after the answer.

import Foundation
import LoketCore
import LoketJSON
import TestSupport
import Testing

/// The path of one request's explanation.
func path(_ requestID: String) -> String {
    let plain = CharacterSet(charactersIn: "-_").union(.alphanumerics)
    let ascii = plain.intersection(CharacterSet(charactersIn: "\u{21}"..."\u{7E}"))
    let escaped = requestID.addingPercentEncoding(withAllowedCharacters: ascii) ?? ""
    return "/admin/v1/inquiries/" + escaped
}

extension RunningService {
    /// The explanation, as soon as there is one.
    func why(_ requestID: String, key: String? = nil) async throws -> JSONValue {
        var client = admin
        if let key { client.key = key }
        return try await eventually {
            let answer = try await client.get(path(requestID))
            return answer.status == 200 ? try answer.json() : nil
        }
    }

    /// The explanation, as soon as this many requests have the id.
    func why(_ requestID: String, count: Int64) async throws -> JSONValue {
        try await eventually {
            let found = try await why(requestID)
            return found["count"]?.integer == count ? found : nil
        }
    }

    /// Waits for the next millisecond, so that the next request is received later.
    func tick() async throws {
        let now = Moment.now
        try await eventually { Moment.now > now }
    }

    /// Writes one row from another process, as another part of the service would.
    func python(_ statement: String) async throws {
        try ForeignHand.damage(folder.file("loket.db"), statement)
    }

    /// A key for one account, with the scope `read`.
    func keyForOneAccount(_ clientID: String) async throws -> String {
        let text = "loket_" + UUID().uuidString.replacing("-", with: "")
        try store.addKey(text, name: "one-\(clientID)", scopes: [.read], now: .now)
        let account = try #require(try store.registerAccounts([clientID])[clientID])
        try await python(
            "UPDATE admin_key SET account_id = \(account) WHERE name = 'one-\(clientID)'")
        return text
    }
}
