// `loket init`: asks six questions and writes a settings file, a separate file with the secret key,
// and the text to send to DOKU. The settings reader validates each answer. Nothing is overwritten.

import ArgumentParser
import Foundation

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write the settings of a new service, and the text to send to DOKU.",
        discussion: """
            On a terminal, asks six questions, except those that an option answers. Without a \
            terminal, give --trial, or --client-id, --secret-file and --bin. No file is \
            overwritten.

            Writes loket.yaml, secrets/doku and send-to-doku.txt into FOLDER. For root, if the \
            package is installed, FOLDER is /etc/loket by default, the group loket can read the \
            files, and the database is /var/lib/loket/loket.db.

            Examples: loket init
            loket init shop --client-id MCH-0001-10791114622547 --secret-file key.txt --bin 889651
            """)

    @Argument(help: "The folder; by default the current one, or \(FoundSettings.folderOfPackage).")
    var folder: String?
    @Flag(help: "Try loket without a DOKU account: generates the Client-Id, key and BIN.")
    var trial = false
    @Option(help: "The Client-Id that DOKU gave you.")
    var clientId: String?
    @Option(
        help: ArgumentHelp(
            "File to copy DOKU's secret key from; - reads standard input.",
            valueName: "file"))
    var secretFile: String?
    @Option(help: "Your BIN: 5 digits if it is your own at the acquirer, 6 or more if from DOKU.")
    var bin: String?
    @Option(help: "Counters for the BIN: alfa, indomaret or alfa,indomaret. (default: alfa)")
    var channels: String?
    @Option(
        help: ArgumentHelp(
            "The https URL at which DOKU reaches you, without /doku/inquiry.", valueName: "url"))
    var publicUrl: String?
    @Option(
        help: ArgumentHelp(
            "Where the gateway listens. (default: 127.0.0.1:8080)", valueName: "host:port"))
    var gateway: String?
    @Option(
        help: ArgumentHelp(
            "Where the admin API listens. (default: 127.0.0.1:8081)", valueName: "host:port"))
    var admin: String?

    func validate() throws {
        guard !trial || (clientId == nil && secretFile == nil) else {
            throw ValidationError(
                "--trial generates the Client-Id and the key: leave out --client-id and "
                    + "--secret-file")
        }
    }

    func run() throws {
        let layout = try SetupLayout(folder: folder)
        try layout.refuseOccupied()
        let isAsking = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        if !isAsking { try refuseMissing() }
        var answers = SetupAnswers()
        answers.isTrial = trial
        try takeOptions(&answers)
        if isAsking {
            try SetupQuestions(given: Set(options.map(\.question))).ask(&answers)
        }
        try answers.checkWhole()
        try layout.write(answers)
        try Output.print(SetupReport.text(answers, layout))
    }

    /// The options given, in the order of the questions.
    private var options: [(question: SetupQuestion, text: String)] {
        let given: [(SetupQuestion, String?)] = [
            (.clientID, clientId), (.secret, secretFile), (.bin, bin), (.channels, channels),
            (.publicURL, publicUrl), (.gateway, gateway), (.admin, admin),
        ]
        return given.compactMap { question, text in text.map { (question, $0) } }
    }

    private func refuseMissing() throws {
        if trial { return }
        let given = options.map(\.question)
        let missing = [SetupQuestion.clientID, .secret, .bin].filter { !given.contains($0) }
        guard missing.isEmpty else {
            throw Failure(
                .usage,
                "standard input is not a terminal, so these options are needed: "
                    + missing.map(\.option).joined(separator: ", ")
                    + "; or give --trial to try loket without a DOKU account")
        }
    }

    /// Applies the options. Reports every wrong option, not only the first.
    private func takeOptions(_ answers: inout SetupAnswers) throws {
        var refusals: [String] = []
        for (question, text) in options {
            let answer = question == .secret ? try secret(in: text) : text
            if let reason = answers.take(answer, for: question) {
                refusals.append("\(question.option): \(reason)")
            }
        }
        guard refusals.isEmpty else { throw Failure(.usage, refusals.joined(separator: "\n")) }
    }

    private func secret(in path: String) throws -> String {
        guard path != "-" || isatty(STDIN_FILENO) == 0 else {
            throw Failure(
                .usage,
                "--secret-file - needs a pipe as standard input; leave the option out to type "
                    + "the key")
        }
        let data =
            path == "-"
            ? FileHandle.standardInput.readDataToEndOfFile()
            : FileHandle(forReadingAtPath: path)?.readDataToEndOfFile()
        guard let data else { throw Failure(.usage, "cannot read \(path)") }
        var text = String(decoding: data, as: UTF8.self)
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}

enum SetupReport {
    static func text(_ answers: SetupAnswers, _ layout: SetupLayout) -> String {
        let files = [
            (layout.settings, "the settings"),
            (layout.secret, answers.isTrial ? "a generated key" : "DOKU's secret key"),
            (layout.message, "what to send to DOKU, and what to set in its Back Office"),
        ]
        let width = (files.map(\.0.count).max() ?? 0) + 2
        let lines = files.map { path, what in
            "  " + path.padding(toLength: width, withPad: " ", startingAt: 0) + what
        }
        let next =
            layout.service == nil
            ? (layout.folder == "." ? [] : ["cd \(layout.folder)"])
                + ["loket check", "loket serve"]
            : ["loket check", "systemctl enable --now loket"]
                + FirstCommands.lines(code: answers.sampleCode)
        return
            (["written:"] + lines + (answers.isTrial ? [trial(answers, layout)] : []) + ["next:"]
            + next.map { "  " + $0 }).joined(separator: "\n")
    }

    private static func trial(_ answers: SetupAnswers, _ layout: SetupLayout) -> String {
        "The Client-Id and the key are for a trial. Payment codes begin with the BIN "
            + "\(answers.bin), such as \(answers.sampleCode). When DOKU gives you real ones, put them "
            + "into \(layout.settings) and \(layout.secret)."
    }
}
