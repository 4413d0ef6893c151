// Commands as lines to copy into a shell. The sender of a request chooses its Request-Id, so what a
// shell would take for more than a word is quoted.

/// The command that explains a request.
package func whyCommand(_ requestID: String) -> String {
    "loket why " + (requestID.hasPrefix("-") ? "-- " : "") + shellWord(requestID)
}

/// A text as one word of a shell's line.
package func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true  // digits and letters
        case 0x2D...0x2F, 0x3A, 0x5F: true  // - . / : _
        default: false
        }
    }
    // Inside single quotes a shell reads every character as itself, but the quote.
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
}
