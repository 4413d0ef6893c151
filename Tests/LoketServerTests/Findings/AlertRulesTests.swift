// The alert rules and the dashboard of packaging/: valid for Prometheus' own tool, and using only
// series and labels that a running service has.

import Foundation
import LoketCore
import LoketJSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct AlertRulesTests {
    private static let packaging = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("packaging")

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.packaging.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(.enabled(if: Program.isThere("promtool"), "scripts/test-release installs promtool"))
    func `promtool accepts the rules, and each fires only in its own case`() throws {
        let alerts = Self.packaging.appendingPathComponent("alerts")
        try Program.run("promtool", "check", "rules", "loket.rules.yaml", in: alerts)
        try Program.run("promtool", "test", "rules", "loket.test.yaml", in: alerts)
        let rules = try text("alerts/loket.rules.yaml").matches(of: /- alert: (\w+)/)
            .map { String($0.output.1) }
        let cases = try text("alerts/loket.test.yaml").matches(
            of: /alertname: (\w+)(, exp_alerts: \[\] \}|\n +exp_alerts:\n +- exp_labels)/)
        let quiet = cases.filter { $0.output.2.contains("[]") }.map { String($0.output.1) }
        let fired = cases.filter { !$0.output.2.contains("[]") }.map { String($0.output.1) }
        #expect(rules.count == Set(rules).count && rules.count > 5)
        #expect(Set(fired) == Set(rules))
        #expect(Set(quiet) == Set(rules))
    }

    // MARK: Series

    /// The series and labels used by one query, or by one rule with its texts.
    private struct Query: Sendable {
        let text: String

        struct Selector {
            let name: String
            /// Values that the selector matches, by label.
            let labels: [(name: String, values: [String])]
        }

        /// Labels that Prometheus adds.
        static let given: Set<String> = ["instance", "job"]

        var selectors: [Selector] {
            text.matches(of: /(loket_[a-z_]+)(\{[^}]*\})?/).map { match in
                let labels = (match.output.2 ?? "")
                    .matches(of: /([a-z_]+)(?:=~|!=|!~|=)"([^"]*)"/).map { label in
                        (
                            name: String(label.output.1),
                            values: label.output.2.split(separator: "|").map(String.init)
                        )
                    }
                return Selector(
                    name: String(match.output.1),
                    labels: labels.filter { !Self.given.contains($0.name) })
            }
        }

        /// Labels that the query groups by or shows.
        var labels: Set<String> {
            let groups = text.matches(of: /by \(([^)]*)\)/).flatMap { group in
                group.output.1.split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
            }
            let shown = text.matches(of: /\{\{ ?(?:\$labels\.)?([a-z_]+) ?\}\}/)
                .map { String($0.output.1) }
            return Set(groups + shown).subtracting(Self.given)
        }
    }

    /// Samples by name, each with its labels.
    private func series(_ metrics: String) -> [String: [[String: String]]] {
        var series: [String: [[String: String]]] = [:]
        for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            let labels = line.matches(of: /([a-z_]+)="([^"]*)"/).map {
                (String($0.output.1), String($0.output.2))
            }
            series[name, default: []].append(Dictionary(labels) { $1 })
        }
        return series
    }

    private func expect(_ query: Query, of series: [String: [[String: String]]]) {
        #expect(!query.selectors.isEmpty || query.text.contains("up{"), "\(query.text)")
        var known: Set<String> = []
        for selector in query.selectors {
            let samples = series[selector.name] ?? []
            #expect(!samples.isEmpty, "\(selector.name)")
            known.formUnion(samples.flatMap(\.keys))
            for label in selector.labels {
                let values = Set(samples.compactMap { $0[label.name] })
                for value in label.values {
                    #expect(values.contains(value), "\(selector.name){\(label.name)=\(value)}")
                }
            }
        }
        #expect(query.labels.isSubset(of: known), "\(query.labels) of \(query.text)")
    }

    /// Every query of a panel, with its legend.
    private func queries(of value: JSONValue) -> [Query] {
        var found: [Query] = []
        if let expression = value["expr"]?.string {
            found.append(Query(text: "\(expression) \(value["legendFormat"]?.string ?? "")"))
        }
        if let variable = value["definition"]?.string { found.append(Query(text: variable)) }
        let inner = ["panels", "targets", "templating", "list"].compactMap { value[$0] }
        return found
            + inner.flatMap { part in
                part.elements.isEmpty ? queries(of: part) : part.elements.flatMap(queries)
            }
    }

    @Test func `rules and dashboard use only series and labels that the service has`() async throws
    {
        let rules = try text("alerts/loket.rules.yaml").components(separatedBy: "- alert:")
            .dropFirst().map { Query(text: $0) }
        let dashboard = try StrictJSON(Array(text("dashboard/loket.json").utf8)).root
        let panels = queries(of: dashboard)
        #expect(rules.count >= 10 && panels.count >= 20)
        try await withTill { service in
            #expect(try await service.admin.post("/admin/v1/backup", "{}").status == 200)
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            try await eventually {
                try await service.metric("loket_journal_written_total") == 1
            }
            await service.look()
            let metrics = try await service.admin.get("/metrics").text
            for query in rules + panels { expect(query, of: series(metrics)) }
        }
    }

    @Test func `the gauges report what waits, and the last inquiry and backup`() async throws {
        try await withTill { service in
            let begin = service.clock.now.seconds
            let after = ["backup_last_success", "last_inquiry"].map {
                "loket_\($0)_timestamp_seconds"
            }
            for name in after { #expect(try await service.metric(name) == nil) }
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 5))
            #expect(try await service.admin.post("/admin/v1/backup", "{}").status == 200)
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            try await eventually {
                try await service.metric("loket_journal_written_total") == 1
            }
            await service.look()
            for name in after {
                #expect(try await service.metric(name).map { Int64($0) >= begin } == true)
            }
            let samples = [
                (#"loket_waiting{list="payments"}"#, 1),
                (#"loket_waiting{list="attention"}"#, 0),
                (#"loket_state{state="needs_you"}"#, 1), (#"loket_state{state="open"}"#, 0),
                (#"loket_inquiry_seconds_count{channel="alfa"}"#, 1),
                (#"loket_inquiry_seconds_count{channel="indomaret"}"#, 0),
            ]
            for (name, value) in samples { #expect(try await service.metric(name) == value) }
            #expect(try await service.metric("loket_wal_bytes") ?? 0 > 0)
            #expect(try await service.metric("loket_database_bytes") ?? 0 > 0)
        }
    }
}
