// `loket restore`: puts a backup back where the settings say the database is, after looking at all
// of it.

import ArgumentParser
import DokuWire
import Foundation
import LoketCore
import LoketCrypto
import LoketServer
import LoketStore

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Check a backup and put it where the database belongs.",
        discussion: """
            Refuses while a service runs, and where a database is already; a damaged backup is \
            not restored. The restored database starts paused, for nobody knows yet what was \
            paid since the backup: start the service, run `loket reconcile`, then `loket \
            resume`. Admin keys are those of the backup; where none is left, `loket keys reset`.

            Example: loket restore loket-2026-08-11.db --config loket.yaml
            """)

    @Argument(help: "The backup.")
    var file: String
    @OptionGroup var options: ConfigOption
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let progress = Progress()
        defer { progress.end() }
        do {
            let settings = try Settings.read(
                file: options.config, environment: ProcessInfo.processInfo.environment)
            let bins = Dictionary(
                settings.accounts.map { ($0.clientID, $0.bins) },
                uniquingKeysWith: { first, _ in first })
            progress.say("copying \(file)")
            let restore = try Restore(file, to: settings.database)
            let finding = try restore.check(
                bins: bins, read: Check.read, watch: { progress.show($0) })
            try restore.finish(finding, now: .now)
            progress.end()
            show(finding, settings.database)
        } catch let refused as SettingsRefused {
            throw Failure(.no, refused.problems.map { "\($0)" }.joined(separator: "\n"))
        } catch {
            throw Failure(.no, "\(error)")
        }
    }

    private func show(_ finding: Restore.Finding, _ database: String) {
        let found = finding.inspection
        let head = found.audit.head
        let bills = Bill.State.allCases.map { (state: $0, count: found.bills[$0] ?? 0) }
        guard json else {
            let counts = bills.map { "\($0.count) \($0.state.rawValue)" }
            let by = finding.takenBy.map { " by \($0)" } ?? ""
            print(
                """
                restored \(file) to \(database)
                  taken     \(finding.backedUpAt.wibText)\(by)
                  bills     \(counts.joined(separator: ", "))
                  payments  \(found.audit.payments), from \(found.audit.deliveries) notifications
                  ledger    \(head.number) \(hexadecimal(head.hash))
                Inquiries are paused. Start the service; `loket reconcile` asks DOKU what was paid \
                since; then `loket resume`.
                """)
            return
        }
        var writer = JSONWriter()
        writer.object { body in
            body.field("file", file)
            body.field("database", database)
            body.field("backed_up_at", finding.backedUpAt.utcText)
            body.field("taken_by", finding.takenBy)
            body.field("bills", Int64(bills.reduce(0) { $0 + $1.count }))
            body.field("notifications", Int64(found.audit.deliveries))
            body.field("payments", Int64(found.audit.payments))
            body.object("ledger") {
                $0.field("number", "\(head.number)")
                $0.field("hash", hexadecimal(head.hash))
            }
        }
        print(String(decoding: writer.bytes, as: UTF8.self))
    }
}
