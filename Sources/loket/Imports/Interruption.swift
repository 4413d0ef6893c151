// What is said when somebody presses Ctrl-C while a service works for the command: the work may not
// end with the command.

import Foundation
import Synchronization

enum Interruption {
    private struct Note {
        /// Nil: the command goes on.
        let text: @Sendable () -> String?
        let progress: Progress
    }

    /// What a shell reports of a command that SIGINT ended.
    private static let code: Int32 = 130

    private static let note = Mutex<Note?>(nil)

    /// One for the whole process: a second one for the same signal misses it while the first ends.
    /// It is made once and never used again, so no two threads share it.
    nonisolated(unsafe) private static let source: any DispatchSourceSignal = {
        // The source sees what the process ignores.
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            guard let note = note.withLock({ $0 }) else { exit(code) }
            note.progress.end()
            if let text = note.text() { end(saying: text) }
        }
        source.resume()
        return source
    }()

    /// Ends the process as Ctrl-C does.
    static func end(saying text: String) -> Never {
        Output.tell(text + "\n")
        exit(code)
    }

    /// From here on Ctrl-C takes the bar away, and says the text and ends the process if there is
    /// one.
    static func say(_ progress: Progress, _ text: @escaping @Sendable () -> String?) {
        note.withLock { $0 = Note(text: text, progress: progress) }
        _ = source
    }

    /// Ctrl-C ends the process without a word.
    static func end() {
        note.withLock { $0 = nil }
    }
}
