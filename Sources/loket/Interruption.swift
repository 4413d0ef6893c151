// What is said when somebody presses Ctrl-C while a service works for the command: the work does
// not end with the command.

import Foundation

final class Interruption {
    /// What a shell reports of a command that SIGINT ended.
    private static let code: Int32 = 130

    private let source: any DispatchSourceSignal

    /// From here on Ctrl-C takes the bar away, says the text and ends the process.
    init(_ text: String, _ progress: Progress) {
        // The source sees what the process ignores.
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            progress.end()
            Output.tell(text + "\n")
            exit(Self.code)
        }
        source.resume()
    }

    /// Ctrl-C ends the process again as it ends others.
    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
