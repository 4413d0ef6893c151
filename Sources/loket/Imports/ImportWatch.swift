// Waits for an import's end, showing how far it is, and says whether the end is a good one.

import Foundation
import LoketJSON

struct ImportWatch {
    /// Notes that are shown without being asked for.
    static let notesShown = 50

    let client: AdminClient

    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(1)

    /// - Throws: `Failure` 3 where the service is gone, with what then becomes of the import.
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
                    Output.tell("import \(id) waits: \(reason)\n")
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
