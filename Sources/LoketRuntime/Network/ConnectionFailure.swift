// Why a connection failed, in the system's words.

import AsyncHTTPClient
import Foundation

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
