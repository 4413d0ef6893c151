// One line in the list of checks of `loket check` and of a start: the checked item and the result.

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

    /// Returns an entry worth knowing about, which need not be a fault.
    package static func note(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .note)
    }

    /// - Parameter text: the problem and its remedy.
    package static func problem(_ item: CheckItem, _ text: String) -> CheckEntry {
        CheckEntry(item: item, text: text, verdict: .problem)
    }

    package var isProblem: Bool { verdict == .problem }
    package var isNote: Bool { verdict == .note }

    /// The item and the text, as a refused start shows a problem.
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

// The items that are checked before a service runs: one list for `loket serve` and `loket check`.

/// At most 25 checked items. The names are stable and are shown unchanged.
package enum CheckItem: String, CaseIterable, Sendable {
    // A start checks these before it creates anything, and is refused if any has a problem. The
    // time of these checks does not grow with the bills: ten million start as fast as none.

    /// The whole settings file.
    case settings
    case secrets
    /// The BINs, and open bills whose code begins with no configured BIN.
    case bins
    /// The paths of inquiries and notifications, and the paths that are signed.
    case paths
    /// Whether every user of the machine can read files of secrets or bills.
    case files
    /// The database's folder.
    case folder
    /// The disk space for a start; `room` is the space reserved for notifications.
    case disk
    /// The database's files and their owner.
    case database
    /// Whether another process has the database open.
    case lock
    /// Whether tables, indexes and triggers are those that the migrations create.
    case schema
    /// The admin keys.
    case keys
    /// The gateway's port.
    case gateway
    /// The admin listener's port.
    case admin
    /// The limit on open files.
    case openfiles
    /// Whether the kernel's clock is synchronised.
    case clock

    // Only `loket check` checks these. The time for pages, bills and ledger grows with the
    // database. A problem of these does not prevent a start and is reported by the service: it
    // declines inquiries for a damaged bill, starts paused if commits are missing, and records
    // payments whatever is damaged.

    /// Whether the database is a restored copy, or lacks commits.
    case history
    /// Every page, index and value of the file, checked by SQLite.
    case pages
    /// The checksum and the code's length of every bill.
    case bills
    /// Every notification, and every payment, derived again.
    case ledger
    /// The disk space reserved for notifications.
    case room
    /// The folder for timed backups.
    case backup
    /// The difference from DOKU's clock in the latest inquiries.
    case skew
    /// The findings of a running service.
    case service
    /// A test alert, if requested.
    case alert
    /// The public URLs, if requested; then nothing else is checked.
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

/// The findings of a running service in `loket check`, as sentences if the status of the service
/// could be read, otherwise as names.
extension CheckEntry {
    /// - Parameters:
    ///   - ready: the body of GET /ready.
    ///   - status: the body of GET /admin/v1/status, which requires a key.
    package static func ofService(ready: JSONValue, status: JSONValue?) -> [CheckEntry] {
        let findings = status?["findings"]?.elements
        var entries = findings.map { $0.compactMap(ofFinding) } ?? named(ready)
        if entries.isEmpty { entries = [.fine(.service, "the service runs and is ready")] }
        let checkedAt = ready["pages_checked_at"]?.string
        entries.append(
            checkedAt.map { .fine(.service, "all pages of the database were checked at \($0)") }
                ?? .note(.service, "the pages of the database are not checked yet"))
        return entries
    }

    private static func ofFinding(_ finding: JSONValue) -> CheckEntry? {
        guard let name = finding["name"]?.string else { return nil }
        let sentence = finding["sentence"]?.string ?? ""
        let command = finding["command"]?.string
        // This output is already the answer of `loket check`.
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
            + others.map { ofService($0, "\($0): for details, run `loket status`") }
    }

    /// Returns a note for pauses and pending decisions, otherwise a problem.
    private static func ofService(_ name: String, _ text: String) -> CheckEntry {
        switch FindingKind(rawValue: name) {
        case .paused, .paymentsToDecide, .attentionList: .note(.service, text)
        default: .problem(.service, text)
        }
    }
}
