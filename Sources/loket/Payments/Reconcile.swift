// `loket reconcile`: makes the service query DOKU about quoted, unpaid invoices, and waits for the
// end.

import ArgumentParser
import LoketCore
import LoketJSON

struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Query DOKU's Check Status for quoted, unpaid invoices.",
        discussion: """
            The running service queries each invoice that was quoted within \
            check_status.window_hours, at least \(Limits.checkStatusAgeSeconds) seconds ago, and \
            has no payment. A payment is recorded like a notification, with the source \
            check_status. Exits 1 if a query failed.
            """)

    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    private static let pollInterval = Duration.milliseconds(200)

    func run() async throws {
        let client = try admin.client()
        var report = try await client.post("/admin/v1/reconcile") { _ in }
        while report["state"]?.string == "running" {
            try await Task.sleep(for: Self.pollInterval)
            report = try await client.get("/admin/v1/reconcile")
        }
        try output.show(report, Self.text)
        let failed = report["failed"]?.integer ?? 0
        guard failed == 0 else {
            throw Failure(
                .no, failed == 1 ? "1 query to DOKU failed" : "\(failed) queries to DOKU failed")
        }
    }

    private static func text(_ report: JSONValue) -> String {
        func count(_ name: StaticString) -> Int64 { report[name]?.integer ?? 0 }
        let problems = (report["problems"]?.elements ?? []).compactMap(\.string)
        let summary = """
            queried DOKU about \(count("asked")) quoted invoices without a payment
              paid     \(count("found")), of which \(count("entered")) were not recorded before
              unpaid   \(count("unpaid"))
              unknown  \(count("unknown")) to DOKU
              failed   \(count("failed"))
            """
        return ([summary] + problems.map { "  " + $0 }).joined(separator: "\n")
    }
}
