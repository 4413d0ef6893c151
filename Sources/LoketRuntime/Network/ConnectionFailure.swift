// HTTP clients without retries, and the causes of failed connections in the system's words.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// Returns the cause of a failed connection; nil if the error contains none.
package func connectionFailure(_ error: any Error) -> String? {
    if let error = error as? HTTPClientError { return error.shortDescription.lowercased() }
    if (error as? NIOSSLExtraError) == .failedToValidateHostname {
        return "the server's certificate is for another name"
    }
    // A BoringSSL error contains the name of the failure among much other text.
    let text = "\(error)"
    if let match = text.firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/) {
        return match.output.1 == "CERTIFICATE_VERIFY_FAILED"
            ? "this machine does not trust the server's certificate"
            : "the TLS handshake failed (\(match.output.1))"
    }
    // NIO reports one error for each address of a host name, each with the kernel's error number.
    guard let match = text.firstMatch(of: /\(errno: ([0-9]+)\)/),
        let code = Int32(match.output.1)
    else { return nil }
    return String(cString: strerror(code)).lowercased()
}

extension HTTPClient {
    /// Returns a client that tries each request once, so that a failure is known immediately, and
    /// follows no redirect: a signature is valid for one path, and a key for one host.
    ///
    /// - Parameter adjust: makes further changes to the configuration.
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
