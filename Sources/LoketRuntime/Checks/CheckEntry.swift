// One line of the list of `loket check` and of a start: what was looked at, and what was found.

import Foundation
import LoketCore
import LoketJSON
import LoketStore

package struct CheckEntry: Sendable, Equatable {
    private enum Verdict: String {
        case fine = "ok"
        case note
        case problem
    }

    package let item: CheckItem
    package let text: String
    private let verdict: Verdict

    package static func fine(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .fine)
    }

    /// Worth knowing, and not necessarily wrong.
    package static func note(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .note)
    }

    /// - Parameter text: what is wrong, and what fixes it.
    package static func problem(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .problem)
    }

    package var isProblem: Bool { verdict == .problem }
    package var isNote: Bool { verdict == .note }

    /// Item and text, as a refused start shows a problem.
    package var sentence: String { "\(item.rawValue): \(text)" }

    package var line: String {
        let mark = verdict.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return mark + item.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0) + text
    }

    package static func json(_ entries: [CheckEntry]) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.field("ok", !entries.contains(where: \.isProblem))
            object.array("findings") { list in
                for entry in entries {
                    list.object {
                        $0.field("area", entry.item.rawValue)
                        $0.field("verdict", entry.verdict.rawValue)
                        $0.field("text", entry.text)
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

// What is looked at before a service runs: the items of the one list that `loket serve` begins with
// and that `loket check` prints.

/// At most 25. A name is stable, and is shown as it is.
package enum CheckItem: String, CaseIterable, Sendable {
    // A start looks at these before it creates anything, and is refused for a problem with any of
    // them. None takes longer the more bills there are: ten million start as fast as none.

    /// The file, read whole.
    case settings
    case secrets
    /// BINs, and open bills that none of them answers any more.
    case bins
    /// Where inquiries and notifications arrive, and what is signed.
    case paths
    /// Files of secrets and bills that every user of the machine can read.
    case files
    /// The database's folder.
    case folder
    /// Room for a start; what is kept for notifications is `room`.
    case disk
    /// Its files and whose they are.
    case database
    /// Another process has the database.
    case lock
    /// Tables, indexes and triggers are as the migrations make them.
    case schema
    /// A key to the admin listener.
    case keys
    /// Its port.
    case gateway
    /// Its port.
    case admin
    /// The limit on open files.
    case openfiles
    /// Whether the kernel keeps the clock.
    case clock

    // `loket check` looks at these alone. Pages, bills and ledger take as long as the database is
    // large. With a problem of any of them a service starts and reports it: it declines
    // for a damaged bill, starts paused where commits are missing, and records payments whatever is
    // damaged.

    /// A restored copy, and commits that are missing.
    case history
    /// Every page, index and value of the file, as SQLite checks them.
    case pages
    /// Every bill's checksum, and the length of its code.
    case bills
    /// Every notification, and every payment derived again.
    case ledger
    /// What is kept of the disk for notifications.
    case room
    /// The folder of the timer that makes backups.
    case backup
    /// The clock against DOKU's in the latest inquiries.
    case skew
    /// The findings of a running service.
    case service
    /// A test of the alerts, where one is asked for.
    case alert
    /// What DOKU meets, where that is asked for; alone then.
    case publicURL = "public"

    package var isOfStart: Bool {
        switch self {
        case .settings, .secrets, .bins, .paths, .files, .folder, .disk, .database, .lock, .schema,
            .keys, .gateway, .admin, .openfiles, .clock:
            true
        case .history, .pages, .bills, .ledger, .room, .backup, .skew, .service, .alert,
            .publicURL:
            false
        }
    }
}

/// The findings of a running service in `loket check`: in sentences if its status could be read,
/// otherwise by name.
extension CheckEntry {
    /// - Parameters:
    ///   - ready: the body of GET /ready.
    ///   - status: the body of GET /admin/v1/status, which takes a key.
    package static func ofService(ready: JSONValue, status: JSONValue?) -> [CheckEntry] {
        let findings = status?["findings"]?.elements
        var entries = findings.map { $0.compactMap(ofFinding) } ?? named(ready)
        if entries.isEmpty { entries = [.fine(.service, "runs and is ready")] }
        let checkedAt = ready["pages_checked_at"]?.string
        entries.append(
            checkedAt.map { .fine(.service, "last checked every page of the database at \($0)") }
                ?? .note(.service, "did not check every page of the database yet"))
        return entries
    }

    private static func ofFinding(_ finding: JSONValue) -> CheckEntry? {
        guard let name = finding["name"]?.string else { return nil }
        let sentence = finding["sentence"]?.string ?? ""
        let command = finding["command"]?.string
        // This is the answer of that command.
        let next = command.flatMap { $0 == "loket check" ? nil : " Next: \($0)" } ?? ""
        return ofService(name, "\(name): \(sentence)\(next)")
    }

    private static func named(_ ready: JSONValue) -> [CheckEntry] {
        let problems = (ready["problems"]?.elements ?? []).compactMap(\.string)
        let names = (ready["findings"]?.elements ?? []).compactMap(\.string)
        let others = names.filter {
            problems.isEmpty || $0 != FindingKind.serviceFailing.rawValue
        }
        return problems.map { .problem(.service, $0) }
            + others.map { ofService($0, "\($0): `loket status` says what it is") }
    }

    /// Payments that wait for a decision are not a fault of the service.
    private static func ofService(_ name: String, _ text: String) -> CheckEntry {
        switch FindingKind(rawValue: name) {
        case .paused, .paymentsToDecide, .attentionList: .note(.service, text)
        default: .problem(.service, text)
        }
    }
}
