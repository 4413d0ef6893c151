// The six questions of `loket init` on a terminal. If an answer is refused, the reason is printed
// and the question is asked again.

import Foundation

struct SetupQuestions {
    /// The questions answered by options.
    let given: Set<SetupQuestion>

    func ask(_ answers: inout SetupAnswers) throws {
        try Output.print(
            "Six questions. Press Enter to accept the answer in [brackets]. No file is "
                + "overwritten.\n")
        if !answers.isTrial, !given.contains(.clientID) {
            let text = "1/6  DOKU's Client-Id, such as MCH-0001-10791114622547 [none yet: a trial]"
            if try !ask(.clientID, text, &answers) {
                answers.isTrial = !given.contains(.secret)
            }
        }
        if !answers.isTrial, !given.contains(.secret) {
            _ = try ask(
                .secret, "2/6  DOKU's secret key, from its Back Office (not shown)", &answers)
        }
        _ = try ask(
            .bin,
            "3/6  Your BIN: 6 or more digits if from DOKU, 5 if your own at Alfa or Indomaret"
                + (answers.isTrial ? " [\(answers.bin)]" : ""), &answers)
        if answers.binType == .direct {
            _ = try ask(
                .channels, "4/6  Counters: alfa, indomaret or alfa,indomaret [alfa]", &answers)
        } else if !given.contains(.channels) {
            try Output.print("4/6  Counters: alfa (no other counter accepts a BIN from DOKU)")
        }
        _ = try ask(
            .publicURL, "5/6  Public URL for DOKU, such as https://pay.example.com [not known yet]",
            &answers)
        _ = try ask(.gateway, "6/6  Where loket listens for your proxy [127.0.0.1:8080]", &answers)
        try checkDefault(.gateway, &answers)
        try checkDefault(.admin, &answers)
    }

    /// - Returns: False if the user pressed only Enter and the question has a default.
    private func ask(
        _ question: SetupQuestion, _ text: String, _ answers: inout SetupAnswers
    ) throws -> Bool {
        guard !given.contains(question) else { return true }
        while true {
            let typed = try Terminal.ask(text, isSecret: question == .secret)
            if typed.isEmpty, text.contains("[") { return false }
            guard let reason = answers.take(typed, for: question) else { return true }
            try Output.print("     \(reason)")
        }
    }

    /// Asks for another address if the default cannot be used, such as a port in use.
    private func checkDefault(_ question: SetupQuestion, _ answers: inout SetupAnswers) throws {
        while let reason = answers.problem(with: question) {
            let what = question == .admin ? "admin API" : "gateway"
            try Output.print("     \(reason)")
            _ = answers.take(
                try Terminal.ask("     Where the \(what) listens, host:port", isSecret: false),
                for: question)
        }
    }
}

enum Terminal {
    private static let lineFeed = UInt8(ascii: "\n")

    /// - Parameter isSecret: Whether the typed text is hidden.
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

    /// Reads a line without echo. Ctrl-C ends the line instead of the process, so that the
    /// terminal's mode is restored first.
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
        // The typed line feed was not echoed.
        try Output.print("")
        guard let line, line.last != interrupt || interrupt == 0 else {
            tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
            if line != nil {
                // The parent process may have set SIGINT to be ignored.
                signal(SIGINT, SIG_DFL)
                kill(getpid(), SIGINT)
            }
            return nil
        }
        return String(decoding: line.last == lineFeed ? line.dropLast() : line[...], as: UTF8.self)
    }

    /// Reads up to one of `ends`. A terminal delivers one line, so no byte of the next line is
    /// read.
    ///
    /// - Returns: The bytes; nil at the end of the input.
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
