// `loket status`: shows on one screen whether inquiries are answered now.

import ArgumentParser
import LoketCore
import LoketJSON

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the state of a running service on one screen.",
        discussion: """
            Shows each problem, the worst first, with the command to run next; the last inquiry \
            of each channel; the inquiries and payments of today; and what waits for your \
            decision. Exits 1 if the service is not open.
            """)

    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        let status = try await admin.client().get("/admin/v1/status")
        try output.show(status, StatusText.page)
        let state = status["state"]?.string ?? ""
        guard state == ServiceState.open.rawValue else {
            throw Failure(.no, "the service is not open: \(StatusText.words(state))")
        }
    }
}

enum StatusText {
    static func page(_ status: JSONValue) -> String {
        var lines = [
            row(
                "state",
                words(status["state"]?.string ?? "-")
                    + "; the service started at \(shownTime(status["started_at"]))")
        ]
        for finding in status["findings"]?.elements ?? [] { lines += self.finding(finding) }
        let last = status["last_inquiry"]
        lines.append(
            row(
                "last inquiry",
                "alfa \(shownTime(last?["alfa"])), indomaret "
                    + shownTime(last?["indomaret"])))
        lines += today(status["today"])
        lines.append(row("waits for you", waiting(status["waiting"])))
        lines += machine(status)
        return lines.joined(separator: "\n")
    }

    static func words(_ state: String) -> String { state.replacing("_", with: " ") }

    /// Returns two or three lines: the name, the sentence, the next steps.
    static func finding(_ finding: JSONValue) -> [String] {
        let mark = finding["severity"]?.string == "critical" ? "!!" : "!"
        let example = finding["request_id"]?.string.map { "Request-Id \($0)" }
        // `loket status` is not suggested in its own output.
        let next = finding["command"]?.string.flatMap {
            $0 == "loket status" ? nil : "next: " + CarriedOptions.added(toCommand: $0)
        }
        let way = [example, next].compactMap(\.self).joined(separator: ", ")
        return [
            "",
            "\(mark) \(finding["name"]?.string ?? "-"), since \(shownTime(finding["since"]))",
            "   \(finding["sentence"]?.string ?? "")",
        ] + (way.isEmpty ? [] : ["   \(way)"]) + [""]
    }

    private static func today(_ today: JSONValue?) -> [String] {
        func causes(_ value: JSONValue?) -> String {
            let parts = (value?.elements ?? []).map { item in
                "\(item["count"]?.integer ?? 0) \(item["cause"]?.string ?? "-")"
            }
            return parts.isEmpty ? "none" : parts.joined(separator: ", ")
        }
        let paid = today?["paid"]
        return [
            row(
                "today",
                "inquiries \(today?["asked"]?.integer ?? 0), declined: "
                    + causes(today?["declined"])),
            row("", "refused: \(causes(today?["refused"]))"),
            row(
                "",
                "paid \(paid?["count"]?.integer ?? 0), "
                    + Rupiah.text(whole: paid?["amount"]?.integer ?? 0)),
        ]
    }

    private static func waiting(_ waiting: JSONValue?) -> String {
        let parts: [(StaticString, String)] = [
            ("payments", "payments to decide"), ("attention", "notifications to review"),
            ("quarantine", "notifications in quarantine"),
        ]
        let shown = parts.compactMap { name, words in
            waiting?[name]?.integer.flatMap { $0 > 0 ? "\($0) \(words)" : nil }
        }
        return shown.isEmpty ? "nothing" : shown.joined(separator: ", ")
    }

    private static func machine(_ status: JSONValue) -> [String] {
        let database = status["database"]
        let reconciliation = status["reconciliation"]
        let state = reconciliation?["state"]?.string ?? "-"
        let failed = reconciliation?["failed"]?.integer ?? 0
        let isDone = reconciliation?["finished_at"]?.isNull == false
        let asked = reconciliation?["asked"]?.integer ?? 0
        return [
            row("version", version(status)),
            row(
                "database",
                "\(database?["path"]?.string ?? "-"), "
                    + "\(size(database?["bytes"])), log \(size(database?["wal_bytes"]))"),
            row("last backup", shownTime(status["last_backup_at"])),
            row(
                "reconciled",
                isDone
                    ? "\(shownTime(reconciliation?["finished_at"])): "
                        + "\(asked) invoices queried, \(failed) failed"
                    : state == "off" ? "off: check_status.base_url is empty" : state),
        ]
    }

    private static func version(_ status: JSONValue) -> String {
        let parts: [(String, StaticString)] = [
            ("commit", "commit"), ("Swift", "swift"), ("SQLite", "sqlite"), ("OpenSSL", "openssl"),
        ]
        return (status["version"]?.string ?? "-")
            + parts.map { ", \($0.0) \(status[$0.1]?.string ?? "-")" }.joined()
    }

    private static func row(_ name: String, _ text: String) -> String {
        let width = 15
        return name + String(repeating: " ", count: max(1, width - name.count)) + text
    }

    private static func size(_ value: JSONValue?) -> String {
        let bytes = value?.integer ?? 0
        return bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}
