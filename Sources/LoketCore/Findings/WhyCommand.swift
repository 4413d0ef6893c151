// Commands for copying into a shell. The sender of a request chooses its Request-Id, so ids with
// characters special to a shell are quoted.

/// Returns the command that explains a request.
package func whyCommand(_ requestID: String) -> String {
    "loket why " + (requestID.hasPrefix("-") ? "-- " : "") + shellWord(requestID)
}

/// Returns the text as one shell word, quoted if necessary.
package func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true  // digits and letters
        case 0x2D...0x2F, 0x3A, 0x5F: true  // - . / : _
        default: false
        }
    }
    // In single quotes, a shell treats every character literally except the quote.
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
}
