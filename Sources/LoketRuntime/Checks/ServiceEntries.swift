// What `loket check` says beside a running service: the findings of that service, in sentences where
// its status could be read, else by name.

import LoketCore
import LoketJSON
import LoketStore

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

    /// What waits for a person is no fault of the service.
    private static func ofService(_ name: String, _ text: String) -> CheckEntry {
        switch FindingKind(rawValue: name) {
        case .paused, .paymentsToDecide, .attentionList: .note(.service, text)
        default: .problem(.service, text)
        }
    }
}
