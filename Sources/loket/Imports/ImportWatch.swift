// Waits for the end of an import, shows its progress, and reports whether it succeeded.

import Foundation
import LoketJSON
import Synchronization

struct ImportWatch {
    /// The default number of notes shown.
    static let notesShown = 50

    let client: AdminClient

    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(1)

    /// - Throws: `Failure` 3 if the service stops; the message says what happens to the import.
    func end(of begun: JSONValue, _ progress: Progress) async throws -> JSONValue {
        guard let id = begun["id"]?.string else {
            throw Failure(.no, "the service sent an import without an id")
        }
        let goesOn = Self.goesOn(begun, id)
        Interruption.say(progress) { goesOn }
        defer { Interruption.end() }
        let path = "/admin/v1/imports/\(id)?limit=\(Self.notesShown)"
        var item = begun
        var pause = Self.firstPause
        var hasWaited = false
        while item["state"]?.string == "running" {
            if let reason = item["failure"]?.string {
                if !hasWaited {
                    progress.end()
                    Output.note("import \(id) waits: \(reason)\n")
                }
                hasWaited = true
            } else if let step = Self.step(item) {
                progress.show(step.step, done: step.done)
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
            do {
                item = try await client.get(path)
            } catch let failure as Failure where failure.code == .unreachable {
                throw Failure(
                    .unreachable, failure.message + "\n" + Self.prospect(of: item, id))
            }
        }
        return try await client.get(path)
    }

    /// Returns the message that the import continues after Ctrl-C.
    static func goesOn(_ item: JSONValue, _ id: String) -> String {
        let follow = "see its progress: `loket imports show \(id)`"
        if item["phase"]?.string == "undoing" {
            return "the service continues to undo import \(id); \(follow)"
        }
        return "the service continues import \(id); \(follow); stop the import: `loket imports "
            + "cancel \(id)`; undo the import: `loket imports undo \(id)`"
    }

    /// Returns what happens to an import if its service has stopped. The import is kept only if all
    /// its rows were checked.
    private static func prospect(of item: JSONValue, _ id: String) -> String {
        let phase = item["phase"]?.string ?? "running"
        let end =
            ["applying", "undoing"].contains(phase)
            ? "it continues when the service runs again"
            : "if the service stopped before every row was checked, the import fails and no row "
                + "is applied: send the file again"
        return "import \(id) was last seen \(phase): \(end); see `loket imports show \(id)`"
    }

    /// - Throws: `Failure` 1 if the import was refused or failed.
    static func judge(_ item: JSONValue) throws {
        let id = item["id"]?.string ?? ""
        switch item["state"]?.string {
        case "refused" where item["failure"]?.string != nil:
            throw Failure(
                .no,
                "import \(id) was refused because of its warnings, and no row is applied: if the "
                    + "lower amounts are intended, send the file again with --yes")
        case "refused":
            throw Failure(
                .no,
                "import \(id) was refused, and no row is applied: correct the file, send it again")
        case "failed": throw Failure(.no, "import \(id) failed")
        default: break
        }
    }

    private static func step(_ item: JSONValue) -> (step: Progress.Step, done: Int64)? {
        func sum(_ object: JSONValue?, _ names: [StaticString]) -> Int64 {
            names.reduce(0) { $0 + (object?[$1]?.integer ?? 0) }
        }
        let applied = sum(item["applied"], ["created", "changed"])
        switch item["phase"]?.string {
        case "checking":
            let step = Progress.Step(doing: "checking", unit: .rows, total: item["rows"]?.integer)
            return (step, item["checked"]?.integer ?? 0)
        case "applying":
            let step = Progress.Step(
                doing: "applying", unit: .rows, total: sum(item["diff"], ["new", "changed"]))
            return (step, applied + sum(item["applied"], ["overtaken"]))
        case "undoing":
            let step = Progress.Step(doing: "undoing", unit: .rows, total: applied)
            return (step, sum(item["undone"], ["cancelled", "restored", "kept"]))
        default: return nil
        }
    }
}

enum Interruption {
    private struct Note {
        /// Returns the text to end with; nil to continue.
        let text: @Sendable () -> String?
        let progress: Progress
    }

    /// The exit code that a shell reports for a command ended by SIGINT.
    private static let code: Int32 = 130

    private static let note = Mutex<Note?>(nil)

    /// The only signal source of the process: while one source is cancelled, a second source for
    /// the same signal misses it. It is created once and not accessed afterwards, so no two threads
    /// share it.
    nonisolated(unsafe) private static let source: any DispatchSourceSignal = {
        // The source receives signals even if they are ignored.
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

    /// Prints the text and exits with the code of Ctrl-C.
    static func end(saying text: String) -> Never {
        Output.note(text + "\n")
        exit(code)
    }

    /// Makes Ctrl-C remove the progress bar. If `text` returns a text, Ctrl-C then also prints the
    /// text and ends the process.
    static func say(_ progress: Progress, _ text: @escaping @Sendable () -> String?) {
        note.withLock { $0 = Note(text: text, progress: progress) }
        _ = source
    }

    /// Makes Ctrl-C end the process without a message.
    static func end() {
        note.withLock { $0 = nil }
    }
}
