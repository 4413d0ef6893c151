// `loket check`: everything that can be wrong, looked at in one go, each problem with what mends
// it. It writes nothing.

import ArgumentParser
import DokuSimulator
import DokuWire
import Foundation
import LoketCore
import LoketCrypto
import LoketServer
import LoketStore

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for problems in settings, database, clock, BINs and paths.",
        discussion: """
            While a service has the database, the service is asked instead, also for what its \
            daily check of every page found. Exits 1 if there is a problem.
            """)

    @OptionGroup var options: ConfigOption
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        var findings: [Finding] = []
        do throws(SettingsRefused) {
            let settings = try Settings.read(
                file: options.config, environment: ProcessInfo.processInfo.environment)
            findings.append(.fine("settings", "\(options.config) is complete and right"))
            findings += settings.notes.map { .note("settings", $0) }
            findings += Self.accounts(settings) + Self.paths(settings.gateway)
            findings += FileAccess.findings(settings)
            findings += await Self.database(settings) + Self.disk(settings)
        } catch {
            findings += error.problems.map { .problem("settings", "\($0)") }
        }
        findings.append(Self.clock())
        try Output.print(
            json ? Finding.json(findings) : findings.map(\.line).joined(separator: "\n"))
        let problems = findings.filter(\.isProblem).count
        guard problems == 0 else {
            throw Failure(.no, problems == 1 ? "1 problem" : "\(problems) problems")
        }
    }

    // MARK: Settings

    private static func accounts(_ settings: Settings) -> [Finding] {
        settings.accounts.flatMap { account in
            let secrets = account.secrets.count
            let active: Finding = .fine(
                "secrets", "\(account.clientID): \(secrets) active")
            return [active]
                + account.bins.bins.map { bin in
                    let channels = bin.channels.map(\.rawValue).sorted()
                    let lengths = bin.codeLength
                    return .fine(
                        "bins",
                        "\(account.clientID): \(bin.digits) (\(bin.type.rawValue)) on "
                            + "\(channels.joined(separator: ", ")), codes of "
                            + "\(lengths.lowerBound) to \(lengths.upperBound) digits")
                }
        }
    }

    private static func paths(_ gateway: Settings.Gateway) -> [Finding] {
        func finding(_ what: String, _ path: String, _ signed: String) -> Finding {
            let text = "\(what) arrive at \(path)"
            return .fine(
                "paths",
                path == signed
                    ? text + ", the path that is signed" : text + " and are signed under \(signed)")
        }
        return [
            finding("inquiries", gateway.inquiryPath, gateway.inquirySignedPath),
            finding(
                "notifications", gateway.notificationPath, gateway.notificationSignedPath),
        ]
    }

    // MARK: Database

    private static func database(_ settings: Settings) async -> [Finding] {
        let bins = Dictionary(
            settings.accounts.map { ($0.clientID, $0.bins) },
            uniquingKeysWith: { first, _ in first })
        do throws(StoreFault) {
            let progress = Progress()
            defer { progress.end() }
            return findings(
                try Inspection(
                    path: settings.database, bins: bins, read: read,
                    watch: { progress.show($0) }),
                settings)
        } catch .lockedByAnother {
            return await askService(settings)
        } catch .missingFile(let path) {
            return [.fine("database", "\(path) does not exist yet; `loket serve` creates it")]
        } catch {
            return [.problem("database", "\(error)")]
        }
    }

    /// Nothing where there is room enough.
    private static func disk(_ settings: Settings) -> [Finding] {
        let folder = URL(fileURLWithPath: settings.database).deletingLastPathComponent().path
        let room = DiskRoom(reserve: settings.limits.diskReserveBytes)
        return room.shortage(in: folder).map {
            [.problem("disk", "\($0). Imports, backups and new bills are refused meanwhile")]
        } ?? []
    }

    /// What a delivery of the ledger says.
    static func read(
        _ delivery: Delivery, _ reader: ReaderVersion
    ) -> (status: String?, reading: Reading) {
        let notification = O2ONotification(delivery, reader: reader)
        return (notification.status, notification.reading)
    }

    private static func findings(_ found: Inspection, _ settings: Settings) -> [Finding] {
        guard found.schema.isEmpty else {
            return found.schema.map {
                .problem("database", $0 + "; nothing else in it was looked at. Restore a backup")
            }
        }
        let counts = Bill.State.allCases.map { "\(found.bills[$0] ?? 0) \($0.rawValue)" }
        var findings: [Finding] = [.fine("database", "bills: " + counts.joined(separator: ", "))]
        if let restoration = found.restoration {
            findings.append(
                .note(
                    "database",
                    restoration.summary(\.wibText)
                        + ", and DOKU was not asked yet: `loket reconcile`, then `loket resume`"))
        }
        if let missing = found.missing {
            findings.append(
                .problem(
                    "database",
                    "acknowledged commits are missing: \(missing). If you have the missing file, put "
                        + "it back before you start; else the start pauses inquiries: `loket "
                        + "reconcile`, then `loket resume`"))
        }
        if let notice = found.markNotice { findings.append(.note("database", "\(notice)")) }
        findings += found.structure.map {
            .problem("database", "structure: \($0); \(PageCheck.remedy(for: $0))")
        }
        findings += found.damagedBills.map {
            .problem(
                "database",
                "bill \($0) does not match its checksum; inquiries for it are declined. Cancel it "
                    + "(`loket bills cancel \($0)`), then add it anew under another invoice "
                    + "number; if that is refused, restore a backup")
        }
        if !settings.allowStranded {
            findings += found.stranded.map {
                .problem(
                    "bins",
                    "\($0.count) open bills of \($0.clientID) begin with \($0.prefix), which is "
                        + "no configured BIN; add the BIN, cancel the bills, or set "
                        + "allow_stranded: true")
            }
        }
        if found.openWithWrongLength > 0 {
            findings.append(
                .problem(
                    "bins",
                    "\(found.openWithWrongLength) open bills have a code of a length that its "
                        + "BIN no longer allows; widen code_length or cancel them"))
        }
        findings += found.isOfEarlierVersion ? [earlierVersion] : ledger(found.audit)
        findings.append(skew(found.medianSkewMilliseconds, settings))
        return findings
    }

    private static let earlierVersion = Finding.note(
        "database",
        "was written by an earlier loket, and its ledger was not checked: take a copy of it, start "
            + "`loket serve`, which brings it up to date, and run this again")

    private static func ledger(_ audit: LedgerAudit) -> [Finding] {
        guard !audit.problems.isEmpty else {
            return [
                .fine(
                    "ledger",
                    "\(audit.deliveries) notifications, \(audit.payments) payments derived again; "
                        + "head \(audit.head.number) \(hexadecimal(audit.head.hash))")
            ]
        }
        return audit.problems.map {
            .problem("ledger", $0 + "; compare with a backup and with DOKU's reports")
        }
    }

    private static func askService(_ settings: Settings) async -> [Finding] {
        guard settings.admin.listener.port != 0 else {
            return [
                .fine(
                    "service",
                    "runs, on an admin port that the settings do not name; ask its /ready")
            ]
        }
        let base = adminURL(settings.admin.listener)
        let request = DokuRequest(method: "GET", target: "/ready", headers: [], body: [])
        guard let answer = try? await HTTPTransport(base: base).send(request),
            let body = try? StrictJSON(answer.body).root, body["ready"] != nil
        else {
            return [
                .problem(
                    "service",
                    "has the database but \(base)/ready does not answer; see its log, restart it")
            ]
        }
        let problems = (body["problems"]?.elements ?? []).compactMap(\.string)
        var findings: [Finding] = problems.map { .problem("service", $0) }
        if body["paused"]?.bool == true {
            findings.append(
                .note(
                    "service",
                    "inquiries of an account or of all are paused and declined; "
                        + "GET /admin/v1/pauses says by whom and why, `loket resume` lets them on"))
        }
        if findings.isEmpty { findings = [.fine("service", "runs and is ready")] }
        let checkedAt = body["pages_checked_at"]?.string
        findings.append(
            checkedAt.map { .fine("service", "last checked every page of the database at \($0)") }
                ?? .note("service", "did not check every page of the database yet"))
        return findings
    }

    /// One that listens on every address is asked on loopback, which it answers for.
    private static func adminURL(_ listener: Settings.Listener) -> String {
        let host =
            switch listener.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(host):\(listener.port)"
    }
}
