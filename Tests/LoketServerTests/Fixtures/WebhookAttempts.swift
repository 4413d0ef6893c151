// Attempts of a webhook, without a service, and the names that they look up.

import LoketCore
import NIOSSL
import Synchronization
import Testing
@testable import LoketRuntime

/// A resolver that answers with each list in turn, then with the last.
final class Names: Sendable {
    private let answers: [[String]]
    private let asked = Mutex<[String]>([])

    init(_ answers: [String]...) { self.answers = answers }

    var hosts: [String] { asked.withLock { $0 } }

    var resolver: HostResolver {
        HostResolver { [self] host in
            let index = asked.withLock { asked in
                asked.append(host)
                return asked.count - 1
            }
            return answers[min(index, answers.count - 1)].compactMap { NetworkAddress($0) }
        }
    }
}

/// Sends a message a few times over one connection.
func attempts(
    _ url: String, allowsPrivate: Bool, _ resolver: HostResolver = .system, times: Int = 1,
    timeout: Duration = .seconds(Limits.webhookTimeoutSeconds),
    trustRoots: NIOSSLTrustRoots = .default
) async throws -> [WebhookAnswer] {
    let post = WebhookPost(resolver: resolver, timeout: timeout, trustRoots: trustRoots)
    let message = WebhookMessage(id: "m-1", body: Array("{}".utf8))
    let secret = try #require(WebhookSecret(WebhookSecret.newText()))
    let url = try WebhookURL(url, allowsPrivate: allowsPrivate)
    var answers: [WebhookAnswer] = []
    do {
        for _ in 0..<times {
            answers.append(try await post.send(message, to: url, at: .now, secrets: [secret]))
        }
    } catch {
        await post.close()
        throw error
    }
    await post.close()
    return answers
}

extension [WebhookAnswer] {
    /// Why the last attempt was refused.
    var reason: String {
        if case .refused(_, let reason) = last { reason } else { "" }
    }
}
