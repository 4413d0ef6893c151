// What is looked at before anything is created: ports, the database's place, the admin key. A
// start that is refused leaves no file behind.

import Foundation
import LoketCore
import LoketStore
import NIOCore

enum StartChecks {
    static func problems(
        _ settings: Settings, environment: [String: String]
    ) -> [String] {
        var problems: [String] = []
        for (name, listener) in [
            ("gateway", settings.gateway.listener), ("admin", settings.admin.listener),
        ] {
            if let reason = portProblem(listener) {
                problems.append("\(name): \(reason)")
            }
        }
        do throws(StoreFault) {
            try BillStore.checkPlace(settings.database)
        } catch {
            problems.append("database: \(error)")
        }
        // A database that is there knows whether it has keys.
        if !FileManager.default.fileExists(atPath: settings.database) {
            problems += firstKeyProblems(settings, environment: environment)
        }
        return problems
    }

    private static func firstKeyProblems(
        _ settings: Settings, environment: [String: String]
    ) -> [String] {
        if let reason = FirstKey.problem(in: environment) { return [reason] }
        let isInPlace =
            FieldRules.isLoopback(settings.admin.listener.host)
            || FirstKey.given(in: environment) != nil
        return isInPlace ? [] : [openAdminHost(settings.admin.listener.host)]
    }

    private static func openAdminHost(_ host: String) -> String {
        "admin: \(host) is not loopback and no admin key is in place; start once on 127.0.0.1, "
            + "or set \(FirstKey.variable)"
    }

    /// What is wrong with the admin keys of a database: the variable counts only while there has
    /// never been one.
    static func keyProblems(
        _ settings: Settings, environment: [String: String], in store: BillStore
    ) throws -> [String] {
        guard try store.hasEverHadKey() else {
            return firstKeyProblems(settings, environment: environment)
        }
        let host = settings.admin.listener.host
        if try FieldRules.isLoopback(host) || store.hasActiveKey() { return [] }
        return [
            "admin: \(host) is not loopback and every admin key is revoked; make a new one: "
                + "loket keys reset"
        ]
    }

    /// Open bills that nobody could pay: a customer would be told that his code does not exist.
    static func stranded(_ settings: Settings, in store: BillStore) throws -> [String] {
        if settings.allowStranded { return [] }
        let bins = Dictionary(
            settings.accounts.map { ($0.clientID, $0.bins) },
            uniquingKeysWith: { first, _ in first })
        return try store.strandedBills(bins: bins).map { found in
            "accounts: \(found.count) open bills of \(found.clientID) begin with "
                + "\(found.prefix), which is no configured BIN; add the BIN, cancel the bills, "
                + "or set allow_stranded: true"
        }
    }

    /// The port is bound and given back, and never listened on: whoever tries to connect at this
    /// moment is refused and comes again, and is not taken in by a socket that nobody serves.
    private static func portProblem(_ listener: Settings.Listener) -> String? {
        guard listener.port != 0 else { return nil }
        let cannot = "cannot listen on \(listener.host) port \(listener.port): "
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(
                listener.host, port: listener.port)
        } catch {
            return cannot + "\(error)"
        }
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return cannot + String(cString: strerror(errno)) }
        defer { close(descriptor) }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        let code = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard code != 0 else { return nil }
        guard errno == EADDRINUSE else { return cannot + String(cString: strerror(errno)) }
        return "port \(listener.port) on \(listener.host) is in use; stop what has it, "
            + "or choose another port"
    }
}
