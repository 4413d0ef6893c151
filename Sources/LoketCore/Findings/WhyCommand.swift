// The command that explains a request, as a line to copy into a shell. Whoever sends a request
// chooses its Request-Id, so an id that a shell would take for more than a word is quoted.

package func whyCommand(_ requestID: String) -> String {
    let isPlain = requestID.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true  // digits and letters
        case 0x2D, 0x2E, 0x3A, 0x5F: true  // - . : _
        default: false
        }
    }
    // Inside single quotes a shell reads every character as itself, but the quote.
    let word = isPlain ? requestID : "'" + requestID.replacing("'", with: #"'\''"#) + "'"
    return "loket why " + (requestID.hasPrefix("-") ? "-- " : "") + word
}
