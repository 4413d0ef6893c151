// Waits for an import's end, showing how far it is, and says whether the end is a good one.

import Foundation
import LoketJSON
import Synchronization

struct ImportWatch {
    /// Notes that are shown without being asked for.
    static let notesShown = 50

    let client: AdminClient

    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(1)

    /// - Throws: `Failure` 3 where the service has stopped, with what becomes of the import.
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

    /// What Ctrl-C does not end.
    static func goesOn(_ item: JSONValue, _ id: String) -> String {
        let follow = "follow it: `loket imports show \(id)`"
        if item["phase"]?.string == "undoing" {
            return "the undoing of import \(id) goes on in the service; \(follow)"
        }
        return "import \(id) goes on in the service; \(follow); stop it: `loket imports cancel "
            + "\(id)`; take it back: `loket imports undo \(id)`"
    }

    /// What becomes of an import whose service may have stopped. Only rows that were all checked
    /// are kept.
    private static func prospect(of item: JSONValue, _ id: String) -> String {
        let phase = item["phase"]?.string ?? "running"
        let end =
            ["applying", "undoing"].contains(phase)
            ? "it goes on when the service does"
            : "where the service has stopped before every row was checked, it fails and nothing "
                + "is applied: send the file again"
        return "import \(id) was last seen \(phase): \(end); see `loket imports show \(id)`"
    }

    /// - Throws: `Failure` 1 for an import that did not do what was asked.
    static func judge(_ item: JSONValue) throws {
        let id = item["id"]?.string ?? ""
        switch item["state"]?.string {
        case "refused":
            throw Failure(
                .no, "import \(id) was refused and nothing applied: fix the file, send it again")
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
        Output.note(text + "\n")
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
