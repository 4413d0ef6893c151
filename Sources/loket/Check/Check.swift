// `loket check`: looks for every problem and prints how to fix each. It runs the checks of a
// service start (StartList) and slower checks. It writes nothing.

import ArgumentParser
import DokuSimulator
import DokuWire
import Foundation
import LoketCore
import LoketRuntime
import LoketServer
import LoketStore
import LoketSystem

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find problems in settings, ports, files, database, clock and BINs.",
        discussion: """
            Makes the checks that `loket serve` makes before it starts, then checks every page, \
            bill and notification of the database. While a service has the database open, shows \
            the findings of that service instead, with the result of its daily check of every \
            page. Exits 1 if there is a problem.

            With --public-url, checks only what DOKU reaches at that URL: host name, certificate, \
            path, redirects, and whether loket itself refuses a forged request. Run this check \
            on a machine outside your network, and on the service's machine too: there it also \
            sends an inquiry signed with your secret key, to see that headers and body arrive \
            unchanged. The service's log has a line about each of these two requests.
            """)

    @OptionGroup var options: ConfigOption
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Send a test alert to alerts.url.")
    var alert = false
    @Option(
        help: ArgumentHelp("Check the URL that is registered at DOKU.", valueName: "url"))
    var publicURL: String?
    @Option(
        help: ArgumentHelp(
            "When connecting to --public-url, trust only the CA certificates in this PEM file.",
            valueName: "file"))
    var caFile: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        if let publicURL {
            return try report(await lookAt(publicURL, environment: environment))
        }
        var entries: [CheckEntry]
        do throws(SettingsRefused) {
            let (settings, owner) = try read(environment)
            let start = StartList(settings, environment: environment)
            entries = owner + (await Self.entries(settings, start))
            if alert { entries.append(await Self.sendAlert(settings.alerts)) }
        } catch {
            entries = StartList.entries(of: error)
        }
        try report(entries)
    }

    /// Reads the settings. Root first becomes the service's user, because root may open any file.
    private func read(
        _ environment: [String: String]
    ) throws(SettingsRefused) -> (Settings, [CheckEntry]) {
        let settings = try Settings.read(file: options.file, environment: environment)
        guard let owner = ServiceOwner(of: settings.database) else { return (settings, []) }
        do {
            try owner.become()
        } catch {
            return (settings, [.note(.files, "\(error)")])
        }
        return (
            try Settings.read(file: options.file, environment: environment),
            [.fine(.files, "checked as the service's user, \(owner.name)")]
        )
    }

    private func report(_ entries: [CheckEntry]) throws {
        try Output.print(
            json ? CheckEntry.json(entries) : entries.map(\.line).joined(separator: "\n"))
        let problems = entries.filter(\.isProblem).count
        guard problems == 0 else {
            throw Failure(.no, problems == 1 ? "1 problem" : "\(problems) problems")
        }
    }

    private func lookAt(
        _ publicURL: String, environment: [String: String]
    ) async throws -> [CheckEntry] {
        if let caFile, !FileManager.default.isReadableFile(atPath: caFile) {
            throw Failure(.usage, "cannot read \(caFile)")
        }
        return await PublicCheck(
            url: try CheckedURL(publicURL), roots: TrustRoots(file: caFile),
            settings: try? Settings.read(file: options.file, environment: environment)
        ).entries()
    }

    private static func entries(_ settings: Settings, _ start: StartList) async -> [CheckEntry] {
        let entries = start.entries + room(settings) + BackupFolder.entries(settings)
        guard start.holder == nil else {
            // A running service is expected to hold the lock.
            return await entries.filter { $0.item != .lock } + askService(settings)
        }
        guard let found = start.inspection, !found.isNew, found.schema.isEmpty else {
            return entries
        }
        return await entries + history(found) + database(settings)
    }

    // MARK: Database

    /// Returns no entry if there is enough disk space.
    private static func room(_ settings: Settings) -> [CheckEntry] {
        let folder = URL(fileURLWithPath: settings.database).deletingLastPathComponent().path
        let room = DiskRoom(reserve: settings.limits.diskReserveBytes)
        return room.shortage(in: folder).map {
            [.problem(.room, "\($0). Imports, backups and new bills are refused for now")]
        } ?? []
    }

    private static func history(_ found: StartInspection) -> [CheckEntry] {
        var entries: [CheckEntry] = []
        if let restoration = found.restoration {
            entries.append(
                .note(
                    .history,
                    restoration.summary(\.wibText)
                        + ". Run `loket reconcile`, then `loket resume`"))
        }
        if let missing = found.missing {
            entries.append(
                .problem(
                    .history,
                    "acknowledged commits are missing: \(missing). If you have the missing file, "
                        + "put it back before you start the service. Otherwise the service starts "
                        + "with inquiries paused: run `loket reconcile`, then `loket resume`"))
        }
        if let notice = found.markNotice { entries.append(.note(.history, "\(notice)")) }
        return entries
    }

    private static func database(_ settings: Settings) async -> [CheckEntry] {
        do throws(StoreFault) {
            let progress = Progress()
            defer { progress.end() }
            return entries(
                try Inspection(
                    path: settings.database, bins: settings.bins, read: read,
                    watch: { progress.show($0) }),
                settings)
        } catch .lockedByAnother {
            return await askService(settings)
        } catch {
            return [.problem(.database, "\(error)")]
        }
    }

    /// Returns the status and the reading of a delivery.
    static func read(
        _ delivery: Delivery, _ reader: ReaderVersion
    ) -> (status: String?, reading: DeliveryReading) {
        let notification = O2ONotification(delivery, reader: reader)
        return (notification.status, notification.reading)
    }

    private static func entries(_ found: Inspection, _ settings: Settings) -> [CheckEntry] {
        let counts = Bill.State.allCases.map { "\(found.bills[$0] ?? 0) \($0.rawValue)" }
        var entries: [CheckEntry] = found.structure.map {
            .problem(.pages, "\($0); \(PageCheck.remedy(for: $0))")
        }
        if entries.isEmpty { entries = [.fine(.pages, "no page is damaged")] }
        entries.append(.fine(.bills, counts.joined(separator: ", ")))
        entries += found.damagedBills.map {
            .problem(
                .bills,
                "bill \($0) does not match its checksum, so inquiries for it are declined. Cancel "
                    + "the bill (`loket bills cancel \($0)`), then add it again with another "
                    + "invoice number; if a command is refused, restore a backup")
        }
        if found.openWithWrongLength > 0 {
            entries.append(
                .problem(
                    .bills,
                    "\(found.openWithWrongLength) open bills have a code whose length the BIN no "
                        + "longer allows; widen code_length, or cancel these bills"))
        }
        entries += found.isOfEarlierVersion ? [earlierVersion] : ledger(found.audit)
        entries.append(skew(found.medianSkewMilliseconds, settings))
        return entries
    }

    private static let earlierVersion = CheckEntry.note(
        .ledger,
        "an earlier version of loket wrote the database, so its ledger was not checked: copy the "
            + "database, start `loket serve` to update it, and run `loket check` again")

    private static func ledger(_ audit: LedgerAudit) -> [CheckEntry] {
        guard !audit.problems.isEmpty else {
            return [
                .fine(
                    .ledger,
                    "\(audit.deliveries) notifications, \(audit.payments) payments verified; "
                        + "head \(audit.head.number) \(hexadecimal(audit.head.hash))")
            ]
        }
        return audit.problems.map {
            .problem(.ledger, $0 + "; compare the database with a backup and with DOKU's reports")
        }
    }
}
