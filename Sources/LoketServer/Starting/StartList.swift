// The checks of a start before it creates anything; `loket check` prints the same list. A refused
// start creates no file except the lock.

import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem

package struct StartList: Sendable {
    /// The results, in a useful order for reading. `loket check` appends further entries.
    package private(set) var entries: [CheckEntry] = []
    /// The contents of the database; nil if it does not exist yet or could not be read.
    package private(set) var inspection: StartInspection?
    /// The process that has the database open, as named in the lock.
    package private(set) var holder: String?
    /// The number of connections for which descriptors are available.
    package let room: ConnectionRoom

    private let settings: Settings
    private let environment: [String: String]

    /// Runs the checks, which write nothing.
    ///
    /// - Parameter environment: contains `LOKET_ADMIN_KEY`, if set.
    package init(_ settings: Settings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
        room = .atStart()
        entries.append(.fine(.settings, "the settings are complete and correct"))
        entries += settings.notes.map { .note(.settings, $0) }
        addAccounts()
        addPaths()
        entries += FileAccess.entries(settings)
        addDatabase()
        for (item, listener) in [
            (CheckItem.gateway, settings.gateway.listener), (.admin, settings.admin.listener),
        ] {
            entries.append(Port(listener).entry(item, holder: holder))
        }
        if let entry = clearAdmin { entries.append(entry) }
        entries += [room.entry, clockEntry]
    }

    /// Returns the entries if the settings are refused.
    package static func entries(of refused: SettingsRefused) -> [CheckEntry] {
        refused.problems.map { .problem(.settings, "\($0)") } + [clockEntry]
    }

    package var problems: [CheckEntry] { entries.filter(\.isProblem) }
    package var notes: [CheckEntry] { entries.filter(\.isNote) }

    // MARK: Settings

    private mutating func addAccounts() {
        for account in settings.accounts {
            entries.append(
                .fine(.secrets, "\(account.clientID): number of secrets: \(account.secrets.count)"))
            entries += account.bins.bins.map { bin in
                let channels = bin.channels.map(\.rawValue).sorted().joined(separator: ", ")
                let lengths = bin.codeLength
                return .fine(
                    .bins,
                    "\(account.clientID): BIN \(bin.digits) (\(bin.type.rawValue)) on \(channels), "
                        + "codes of \(lengths.lowerBound) to \(lengths.upperBound) digits")
            }
        }
    }

    private mutating func addPaths() {
        let gateway = settings.gateway
        for (what, path, signed) in [
            ("inquiries", gateway.inquiryPath, gateway.inquirySignedPath),
            ("notifications", gateway.notificationPath, gateway.notificationSignedPath),
        ] {
            let rest =
                path == signed ? ", the path that DOKU signs" : ", and DOKU signs \(signed)"
            entries.append(.fine(.paths, "\(what) arrive at \(path)" + rest))
        }
    }

    // MARK: Database

    private mutating func addDatabase() {
        let path = settings.database
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do throws(StoreFault) {
            try Store.checkFolder(of: path)
            entries.append(.fine(.folder, "\(folder) can be written"))
        } catch {
            entries.append(.problem(.folder, "\(error)"))
            if isAbsent(path) { addKeys(.none) }
            return
        }
        do throws(StoreFault) {
            try Store.checkFiles(of: path)
            inspection = try StartInspection(path: path, bins: settings.bins)
            addInspection()
        } catch .lockedByAnother(let path, let process) {
            holder = process
            entries.append(
                .problem(.lock, "\(StoreFault.lockedByAnother(path: path, process: process))"))
        } catch .fullDisk(let path) {
            entries.append(.problem(.disk, "\(StoreFault.fullDisk(path))"))
            return
        } catch {
            entries.append(.problem(.database, "\(error)"))
            if isAbsent(path) { addKeys(.none) }
        }
        addDisk(folder)
    }

    private mutating func addInspection() {
        guard let inspection, !inspection.isNew else {
            entries.append(
                .fine(
                    .database, "\(settings.database) does not exist yet; `loket serve` creates it"))
            return addKeys(.none)
        }
        guard inspection.schema.isEmpty else {
            let shown = inspection.schema.prefix(Limits.schemaDifferencesMax)
            let more = inspection.schema.count - shown.count
            entries.append(
                .problem(
                    .schema,
                    shown.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
                        + "; the rest of the database was not checked. Remove what loket did not "
                        + "create (DROP INDEX for an added index); otherwise, restore a backup"))
            return
        }
        entries.append(.fine(.database, "\(settings.database) is a loket database"))
        if !settings.allowStranded {
            entries += inspection.stranded.map(\.problem)
        }
        addKeys(inspection.keys)
    }

    private mutating func addDisk(_ folder: String) {
        guard let free = DiskRoom.freeBytes(in: folder) else { return }
        let isNew = holder == nil && inspection?.isNew != false
        let needed = isNew ? Limits.firstStartBytes : Limits.startBytes
        entries.append(
            free < needed
                ? .problem(.disk, "\(StoreFault.fullDisk(settings.database))")
                : .fine(.disk, "\(free >> 20) MiB are free in \(folder)"))
    }

    // MARK: The admin listener

    /// A problem if keys would cross a network unencrypted.
    private var clearAdmin: CheckEntry? {
        let host = settings.admin.listener.host
        guard !FieldRules.isLoopback(host), !settings.admin.tlsByProxy else { return nil }
        return .problem(
            .admin,
            "keys and bills would cross the network to \(host) unencrypted; set admin.host: "
                + "127.0.0.1, or admin.tls_by_proxy: true if a proxy in front of loket does TLS")
    }

    private mutating func addKeys(_ keys: StartInspection.Keys) {
        let host = settings.admin.listener.host
        let isLoopback = FieldRules.isLoopback(host)
        let isOpen = "the admin host \(host) is not a loopback address and "
        let entry: CheckEntry
        switch keys {
        case .active:
            entry = .fine(.keys, "there is an active admin key")
        case .allRevoked where isLoopback:
            entry = .note(
                .keys, "every admin key is revoked; stop the service and run loket keys reset")
        case .allRevoked:
            entry = .problem(
                .keys, isOpen + "every admin key is revoked; run loket keys reset")
        case .none:
            if let reason = FirstKey.problem(in: environment) {
                entry = .problem(.keys, reason)
            } else if FirstKey.given(in: environment) != nil {
                entry = .fine(.keys, "the first admin key is read from \(FirstKey.variable)")
            } else if isLoopback {
                let path = FirstKey.path(besideDatabase: settings.database)
                entry = .fine(.keys, "the service writes the first admin key to \(path)")
            } else {
                entry = .problem(
                    .keys,
                    isOpen + "there is no admin key; start the service once on 127.0.0.1, or set "
                        + FirstKey.variable)
            }
        }
        entries.append(entry)
    }

    /// Whether it is certain that no file has this path.
    private func isAbsent(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && [ENOENT, ENOTDIR].contains(errno)
    }
}

extension StrandedBills {
    /// A problem, because the counter would answer these customers that the code does not exist.
    var problem: CheckEntry {
        .problem(
            .bins,
            "the codes of \(count) open bills of \(clientID) begin with \(prefix), which is not a "
                + "configured BIN; add the BIN, cancel the bills, or set allow_stranded: true")
    }
}

extension ConnectionRoom {
    fileprivate var entry: CheckEntry {
        if let refusal { return .problem(.openfiles, refusal) }
        return shortage.map { .note(.openfiles, $0) }
            ?? .fine(.openfiles, "the limit on open files allows \(gateway + admin) connections")
    }
}

/// Whether the kernel's clock is synchronised.
private var clockEntry: CheckEntry {
    switch KernelClock.isSynchronised {
    case nil: .fine(.clock, "the kernel does not say whether the clock is synchronised")
    case true?: .fine(.clock, "the clock is synchronised")
    case false?:
        .note(
            .clock,
            "no time service synchronises the clock; if the clock is wrong, DOKU's requests are "
                + "refused: apt-get install systemd-timesyncd")
    }
}
