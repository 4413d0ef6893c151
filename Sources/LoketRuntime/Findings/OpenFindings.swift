// The findings that have begun and not ended. With this list a finding is reported once, not at
// each check.

import LoketCore
import LoketStore

struct OpenFindings: Sendable {
    /// The changes since the last check.
    struct Changes: Sendable {
        var began: [Finding] = []
        /// Findings that last and whose reminder is due.
        var lasting: [Finding] = []
        var ended: [Event.FindingThen] = []

        func events(_ now: Moment) -> [FindingChange] {
            ended.map { FindingChange($0, began: false, at: now) }
                + began.map { FindingChange($0.then, began: true, at: now) }
        }
    }

    private struct Entry {
        var finding: Event.FindingThen
        var reportedAt: Moment
    }

    private var entries: [String: Entry] = [:]

    /// - Parameter before: the open findings in the database.
    mutating func restore(_ before: [Event.FindingThen]) {
        for finding in before {
            entries[finding.name] = Entry(finding: finding, reportedAt: finding.since)
        }
    }

    /// Returns the findings, each with the time when it began.
    func dated(_ findings: [Finding]) -> [Finding] {
        findings.map { finding in
            var finding = finding
            finding.since = entries[finding.kind.rawValue]?.finding.since ?? finding.since
            return finding
        }
    }

    /// - Parameter found: all present findings.
    mutating func take(_ found: [Finding], now: Moment) -> Changes {
        let found = dated(found)
        var changes = Changes()
        for finding in found {
            let name = finding.kind.rawValue
            guard let entry = entries[name] else {
                changes.began.append(finding)
                entries[name] = Entry(finding: finding.then, reportedAt: now)
                continue
            }
            entries[name]?.finding = finding.then
            let age = now.milliseconds - entry.reportedAt.milliseconds
            guard age >= Limits.reminderMilliseconds else { continue }
            changes.lasting.append(finding)
            entries[name]?.reportedAt = now
        }
        let names = Set(found.map(\.kind.rawValue))
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            changes.ended.append(entry.finding)
            entries[name] = nil
        }
        return changes
    }
}

extension Finding {
    fileprivate var then: Event.FindingThen {
        Event.FindingThen(name: kind.rawValue, sentence: sentence, since: since)
    }
}
