// HTTP clients that try once, and why a connection failed, in the words of the system.

import AsyncHTTPClient
import Foundation
import NIOCore

/// Nil where the error names no cause.
package func connectionFailure(_ error: any Error) -> String? {
    if let error = error as? HTTPClientError { return error.shortDescription.lowercased() }
    // BoringSSL's words have one name of what is wrong among much else.
    let text = "\(error)"
    if let match = text.firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/) {
        return match.output.1 == "CERTIFICATE_VERIFY_FAILED"
            ? "its certificate is not trusted by this machine"
            : "the TLS handshake fails (\(match.output.1))"
    }
    // The kernel's number, in an error of its own for each address that a name has.
    guard let match = text.firstMatch(of: /\(errno: ([0-9]+)\)/),
        let code = Int32(match.output.1)
    else { return nil }
    return String(cString: strerror(code)).lowercased()
}

extension HTTPClient {
    /// A client for requests that are tried once, so that a failure is known immediately, and that
    /// follow no redirect: a signature is for one path, and a key is for one host.
    ///
    /// - Parameter adjust: changes what else has to be as it is.
    package static func tryingOnce(
        connect: TimeAmount = .seconds(10), adjust: (inout Configuration) -> Void = { _ in }
    ) -> HTTPClient {
        var configuration = Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connect))
        configuration.connectionPool.retryConnectionEstablishment = false
        adjust(&configuration)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
