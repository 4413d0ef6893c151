// Why a connection failed, in the system's words.

import AsyncHTTPClient
import Foundation

/// Nil where the error names no cause of the system.
package func connectionFailure(_ error: any Error) -> String? {
    if let error = error as? HTTPClientError { return error.shortDescription.lowercased() }
    // The kernel's number, in an error of its own for each address that a name has.
    guard let match = "\(error)".firstMatch(of: /\(errno: ([0-9]+)\)/),
        let code = Int32(match.output.1)
    else { return nil }
    return String(cString: strerror(code)).lowercased()
}
