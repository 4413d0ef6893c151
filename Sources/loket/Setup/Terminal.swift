// A question on a terminal, and what somebody types: shown, or not shown where it is a secret.

import Foundation

enum Terminal {
    private static let lineFeed = UInt8(ascii: "\n")

    /// - Parameter isSecret: the terminal does not show what is typed.
    static func ask(_ question: String, isSecret: Bool) throws -> String {
        let put = { try Output.write(Array("\(question): ".utf8)) }
        guard let line = isSecret ? try hidden(after: put) : try shown(after: put) else {
            throw Failure(.usage, "the input ended before the last answer; nothing was written")
        }
        return line.trimmingCharacters(in: .whitespaces)
    }

    private static func shown(after put: () throws -> Void) throws -> String? {
        try put()
        return readLine()
    }

    /// Ctrl-C, too, gives the terminal back as it was: meanwhile it ends a line, not the process.
    private static func hidden(after put: () throws -> Void) throws -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try shown(after: put) }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        let interrupt = withUnsafeMutableBytes(of: &silent.c_cc) { keys in
            keys[Int(VEOL)] = keys[Int(VINTR)]
            return keys[Int(VINTR)]
        }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
        try put()
        let line = bytes(upTo: [lineFeed, interrupt])
        // The line feed that was typed was not shown.
        try Output.print("")
        guard let line, line.last != interrupt || interrupt == 0 else {
            tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
            if line != nil {
                // Who started this may have had it ignored.
                signal(SIGINT, SIG_DFL)
                kill(getpid(), SIGINT)
            }
            return nil
        }
        return String(decoding: line.last == lineFeed ? line.dropLast() : line[...], as: UTF8.self)
    }

    /// A terminal gives one line at a time, so none of the next one is read.
    ///
    /// - Returns: nil where there is nothing more.
    private static func bytes(upTo ends: Set<UInt8>) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return line.isEmpty ? nil : line }
            line.append(byte)
            if ends.contains(byte) { return line }
        }
    }
}
