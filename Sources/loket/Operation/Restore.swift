// `loket restore`: checks a backup completely and copies it to the database path of the settings.

import ArgumentParser
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Check a backup and copy it to the database path in the settings.",
        discussion: """
            Fails while a service runs, and if the database already exists. A damaged backup is \
            not restored, unless only single bills are damaged, which are then listed. Inquiries \
            start paused, because payments made since the backup are not known: start the \
            service, run `loket reconcile`, then `loket resume`. The admin keys are those of the \
            backup; if you have none of them, run `loket keys reset`.

            Example: loket restore loket-2026-08-11.db --config loket.yaml
            """)

    private static let hashHelp = ArgumentHelp(
        """
        The SHA-256 that `loket backup` printed, or a file that begins with it, as sha256sum \
        writes. A backup with another SHA-256 is not restored.
        """,
        valueName: "hex|file")

    @Argument(help: "The backup.")
    var file: String
    @Option(help: hashHelp, transform: { try digest($0) })
    var sha256: SHA256Digest?
    @OptionGroup var options: ConfigOption
    @Flag(help: "Print JSON.")
    var json = false

    private static func digest(_ text: String) throws -> SHA256Digest {
        if let digest = SHA256Digest(hexadecimal: text) { return digest }
        guard let line = try? String(contentsOfFile: text, encoding: .utf8),
            let digest = SHA256Digest(hexadecimal: String(line.prefix { $0 != " " }))
        else {
            throw ValidationError(
                "give the SHA-256 that `loket backup` printed, 64 hexadecimal digits, or a file "
                    + "that begins with these digits")
        }
        return digest
    }

    func run() throws {
        let (finding, database) = try restore()
        try json ? showJSON(finding, database) : show(finding, database)
    }

    private func restore() throws -> (Restore.Finding, database: String) {
        let progress = Progress()
        defer { progress.end() }
        do {
            let settings = try Settings.read(
                file: options.file, environment: ProcessInfo.processInfo.environment)
            try ServiceOwner.refuseRoot(
                of: settings.database, command: "loket restore --config \(options.file) \(file)")
            progress.say("copying \(file)")
            let restore = try Restore(file, to: settings.database, digest: sha256)
            let finding = try restore.check(
                bins: settings.bins, read: Check.read, watch: { progress.show($0) })
            try restore.finish(finding, now: .now)
            return (finding, settings.database)
        } catch let failure as Failure {
            throw failure
        } catch let refused as SettingsRefused {
            throw Failure(.no, refused.problems.map { "\($0)" }.joined(separator: "\n"))
        } catch {
            throw Failure(.no, "\(error)")
        }
    }

    private func show(_ finding: Restore.Finding, _ database: String) throws {
        let audit = finding.inspection.audit
        let counts = Self.bills(finding).map { "\($0.count) \($0.state.rawValue)" }
        let damaged = finding.inspection.damagedBills
            .map { BillText.damaged("\($0)") + "\n" }.joined()
        let by = finding.takenBy.map { " by \($0)" } ?? ""
        try Output.print(
            """
            restored \(file) to \(database)
              taken     \(finding.backedUpAt.wibText)\(by)
              bills     \(counts.joined(separator: ", "))
              payments  \(audit.payments), from \(audit.deliveries) notifications
              ledger    \(audit.head.number) \(hexadecimal(audit.head.hash))
            \(damaged)Inquiries are paused. Start the service, run `loket reconcile` to find \
            payments made since the backup, then run `loket resume`.
            """)
    }

    private func showJSON(_ finding: Restore.Finding, _ database: String) throws {
        let audit = finding.inspection.audit
        try Output.print { body in
            body.field("file", file)
            body.field("database", database)
            body.field("backed_up_at", finding.backedUpAt.utcText)
            body.field("taken_by", finding.takenBy)
            body.field("bills", Int64(Self.bills(finding).reduce(0) { $0 + $1.count }))
            body.array("damaged_bills") { list in
                for id in finding.inspection.damagedBills { list.string("\(id)") }
            }
            body.field("notifications", Int64(audit.deliveries))
            body.field("payments", Int64(audit.payments))
            body.object("ledger") {
                $0.field("number", "\(audit.head.number)")
                $0.field("hash", hexadecimal(audit.head.hash))
            }
        }
    }

    private static func bills(_ finding: Restore.Finding) -> [(state: Bill.State, count: Int)] {
        Bill.State.allCases.map { ($0, finding.inspection.bills[$0] ?? 0) }
    }
}
