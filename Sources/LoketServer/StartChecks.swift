// What is looked at before anything is created: ports, the database's place, the admin key. A
// start that is refused leaves no file behind.

import Foundation
import LoketCore
import LoketStore
import NIOCore
import NIOPosix

enum StartChecks {
    static func problems(
        _ settings: Settings, environment: [String: String]
    ) async -> [String] {
        var problems: [String] = []
        for (name, listener) in [
            ("gateway", settings.gateway.listener), ("admin", settings.admin),
        ] {
            if let reason = await portProblem(listener) {
                problems.append("\(name): \(reason)")
            }
        }
        do throws(StoreFault) {
            try BillStore.checkPlace(settings.database)
        } catch {
            problems.append("database: \(error)")
        }
        if let reason = FirstKey.problem(in: environment) { problems.append(reason) }
        if !isLoopback(settings.admin.host), environment[FirstKey.variable] == nil,
            !FileManager.default.fileExists(atPath: settings.database)
        {
            problems.append(openAdminHost(settings.admin.host))
        }
        return problems
    }

    static func openAdminHost(_ host: String) -> String {
        "admin: \(host) is not loopback and no admin key is in place; start once on 127.0.0.1, "
            + "or set \(FirstKey.variable)"
    }

    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
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

    private static func portProblem(_ listener: Settings.Listener) async -> String? {
        guard listener.port != 0 else { return nil }
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: listener.host, port: listener.port).get()
            try await channel.close()
            return nil
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            return "port \(listener.port) on \(listener.host) is in use; stop what has it, "
                + "or choose another port"
        } catch {
            return "cannot listen on \(listener.host) port \(listener.port): \(error)"
        }
    }
}
