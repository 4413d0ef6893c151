// What `loket init` has written, and what to type next.

import Foundation

enum SetupReport {
    static func text(_ answers: SetupAnswers, _ layout: SetupLayout) -> String {
        let files = [
            (layout.settings, "the settings"),
            (layout.secret, answers.isTrial ? "a key for trying" : "DOKU's secret key"),
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
            (["written:"] + lines + (answers.isTrial ? [trial(layout)] : []) + ["next:"]
            + next.map { "  " + $0 }).joined(separator: "\n")
    }

    private static func trial(_ layout: SetupLayout) -> String {
        "Client-Id, key and BIN are made up. Once DOKU gives you yours, put them into "
            + "\(layout.settings) and \(layout.secret)."
    }
}
