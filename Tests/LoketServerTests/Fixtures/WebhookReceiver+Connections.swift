// What came to a receiver of webhooks besides whole requests.

import LoketRuntime
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport

extension WebhookReceiver {
    /// The number of requests that began.
    var heads: Int { state.withLock(\.heads) }
    /// The number of connections that have ended.
    var closed: Int { state.withLock(\.closed) }
    /// The name that each client of TLS asked for.
    var serverNames: [String?] { state.withLock(\.serverNames) }
    /// The bytes of bodies without an end.
    var poured: Int { state.withLock(\.poured) }

    /// Returns a context that notes the names that clients ask for.
    func context(_ tls: TLSConfiguration) throws -> NIOSSLContext {
        var tls = tls
        tls.sslContextCallback = { [self] values, answer in
            state.withLock { $0.serverNames.append(values.serverHostname) }
            answer.succeed(.noChanges)
        }
        return try NIOSSLContext(configuration: tls)
    }

    /// Returns the address at which each connection until now came in, even if nothing came over
    /// it.
    func connections() async throws -> [String] {
        // The system accepts connections in order, so all others are accepted before this one.
        let last = try await ClientBootstrap(group: group)
            .connect(host: "127.0.0.1", port: port).get()
        let own = last.localAddress?.port
        let others = try await eventually("the last connection") {
            state.withLock { state in
                let others = state.connections.filter { $0.port != own }
                guard others.count < state.connections.count else { return [String]?.none }
                state.connections = others
                return others.map { $0.address?.description ?? "" }
            }
        }
        try await last.close()
        return others
    }
}
