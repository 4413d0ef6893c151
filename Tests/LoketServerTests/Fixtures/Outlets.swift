// What each outlet of a service reports about one finding. All of them must report the same.

import LoketCore
import LoketJSON
import LoketRuntime
import TestSupport
import Testing

extension RunningService {
    /// Lets the service check itself.
    func look() async {
        await service.watch.look()
    }

    /// Names of the findings in the status.
    func findingNames() async throws -> [String] {
        let status = try await admin.get("/admin/v1/status").json()
        return try #require(status["findings"]).elements.compactMap { $0["name"]?.string }
    }

    /// Expects that each outlet reports the finding, and no other than `others`.
    ///
    /// - Returns: the finding as the status has it.
    @discardableResult
    func expectEverywhere(
        _ kind: FindingKind, _ state: ServiceState, beside others: Set<FindingKind> = [],
        at receiver: AlertReceiver? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue? {
        let name = kind.rawValue
        let status = try await admin.get("/admin/v1/status").json()
        let all = status["findings"]?.elements ?? []
        let names = Set(all.compactMap { $0["name"]?.string })
        #expect(
            names == Set(others.map(\.rawValue)).union([name]), sourceLocation: sourceLocation)
        #expect(status["state"]?.string == state.rawValue, sourceLocation: sourceLocation)
        let finding = try #require(
            all.first { $0["name"]?.string == name }, sourceLocation: sourceLocation)

        let ready = try await admin.get("/ready")
        #expect(
            ready.status == (state == .failing ? 503 : 200), sourceLocation: sourceLocation)
        let listed = try ready.json()["findings"]?.elements.compactMap(\.string) ?? []
        #expect(Set(listed) == names, sourceLocation: sourceLocation)
        try expectChecked(finding, ready.json(), status, sourceLocation: sourceLocation)
        #expect(
            try await metric("loket_finding{kind=\"\(name)\"}") == 1,
            sourceLocation: sourceLocation)

        let lines = log.lines.filter {
            $0.text("finding") == name && $0.level >= .warning
        }
        #expect(lines.count == 1, "\(log.text)", sourceLocation: sourceLocation)
        #expect(lines.first?.text("next") == finding["command"]?.string)
        #expect(lines.first?.text("request_id") == finding["request_id"]?.string)
        let (logged, sentence) = (lines.first?.message, finding["sentence"]?.string)
        #expect(logged.map(steady) == sentence.map(steady))

        let events = try await items("/admin/v1/events").filter {
            $0["finding"]?["name"]?.string == name
        }
        #expect(
            events.map { $0["type"]?.string } == ["service.finding_began"],
            sourceLocation: sourceLocation)
        #expect(events.first?["account"]?.isNull == true, sourceLocation: sourceLocation)
        if let receiver {
            try await eventually { receiver.texts.contains { $0.contains(" \(name)\n") } }
        }
        return finding
    }

    /// Expects that `loket check` has a line about the finding, with a key and without.
    private func expectChecked(
        _ finding: JSONValue, _ ready: JSONValue, _ status: JSONValue,
        sourceLocation: SourceLocation
    ) throws {
        let name = try #require(finding["name"]?.string)
        let lines = CheckEntry.ofService(ready: ready, status: status).map(\.text)
        let sentence = try #require(finding["sentence"]?.string)
        let command = try #require(finding["command"]?.string)
        let next = command == "loket check" ? "" : " Next: \(command)"
        #expect(
            lines.contains("\(name): \(sentence)\(next)"), "\(lines)",
            sourceLocation: sourceLocation)
        let named = CheckEntry.ofService(ready: ready, status: nil).map(\.text)
        let expected = ready["problems"]?.elements.first?.string ?? "\(name): for details"
        #expect(
            named.contains { $0.hasPrefix(expected) }, "\(named)", sourceLocation: sourceLocation)
    }

    /// Expects that the status has no such finding, and that every other outlet reports its end.
    func expectOver(
        _ kind: FindingKind, at receiver: AlertReceiver? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let names = try await findingNames()
        #expect(!names.contains(kind.rawValue), sourceLocation: sourceLocation)
        #expect(
            log.lines("the finding \(kind.rawValue) is over").count == 1, "\(log.text)",
            sourceLocation: sourceLocation)
        let events = try await items("/admin/v1/events").filter {
            $0["finding"]?["name"]?.string == kind.rawValue
        }
        #expect(
            events.last?["type"]?.string == "service.finding_ended",
            sourceLocation: sourceLocation)
        if let receiver {
            try await eventually {
                receiver.texts.contains { $0.contains("\(kind.rawValue) is over") }
            }
        }
    }
}

/// A sentence without the free space, which other programs may change between two reads.
private func steady(_ sentence: String) -> String {
    sentence.replacing(/[0-9]+ MiB free/, with: "MiB free")
}
