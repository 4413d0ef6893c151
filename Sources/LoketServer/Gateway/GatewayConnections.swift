// The connections of the gateway: so many at once, and silent ones make room before the last place
// is taken. Above three quarters the address that holds most loses the one that has been silent
// longest. A connection that verified a request a short while ago goes last, and one whose answer
// waits for the disk is not closed.

import LoketCore
import NIOCore
import Synchronization

/// One connection. Its own event loop writes it; the loop that has to choose reads it.
final class GatewayConnection: Sendable {
    /// Whether its sender is a proxy that speaks for many clients.
    let isProxied: Bool
    /// Whose it is; nil for a proxy's.
    let holder: NetworkAddress?
    private let heardAt: Atomic<UInt64>
    private let verifiedAt = Atomic<UInt64>(0)
    private let answers = Atomic<Bool>(false)

    /// - Parameter peer: the address that it comes from.
    init(_ peer: NetworkAddress?, isProxied: Bool, now: NIODeadline) {
        self.isProxied = isProxied
        holder = isProxied ? nil : peer?.holder
        heardAt = Atomic(now.uptimeNanoseconds)
    }

    func heard(at now: NIODeadline) {
        heardAt.store(now.uptimeNanoseconds, ordering: .relaxed)
    }

    /// What was heard last has proved who sent it.
    func verified() {
        verifiedAt.store(heardAt.load(ordering: .relaxed), ordering: .relaxed)
    }

    var isAnswering: Bool {
        get { answers.load(ordering: .relaxed) }
        set { answers.store(newValue, ordering: .relaxed) }
    }

    fileprivate var silentSince: UInt64 { heardAt.load(ordering: .relaxed) }

    fileprivate func isKnown(at now: NIODeadline) -> Bool {
        let verified = verifiedAt.load(ordering: .relaxed)
        return verified > 0
            && now - NIODeadline.uptimeNanoseconds(verified) < .seconds(Limits.knownSeconds)
    }
}

final class GatewayConnections: Sendable {
    private struct Entry {
        let channel: any NIOCore.Channel
        let connection: GatewayConnection
        /// Whose it is; nil for a proxy's that has named no client yet.
        var holder: NetworkAddress?
    }

    private let connectionsMax: Int
    private let proxies: TrustedProxies
    private let tally: Tally
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    init(max connectionsMax: Int, proxies: [AddressRange], tally: Tally) {
        self.connectionsMax = connectionsMax
        self.proxies = TrustedProxies(proxies)
        self.tally = tally
    }

    /// - Returns: nil where there is no room; the caller closes the channel.
    func enter(_ channel: any NIOCore.Channel) -> GatewayConnection? {
        let now = NIODeadline.now()
        let peer = NetworkAddress(channel.remoteAddress)
        let isProxied = peer.map(proxies.contains) ?? false
        let connection = GatewayConnection(peer, isProxied: isProxied, now: now)
        let (leaving, isTaken) = entries.withLock { entries in
            let leaving = makeRoom(in: &entries, now: now)
            guard entries.count < connectionsMax else { return (leaving, false) }
            entries[ObjectIdentifier(connection)] = Entry(
                channel: channel, connection: connection, holder: connection.holder)
            return (leaving, true)
        }
        for channel in leaving { channel.close(promise: nil) }
        if !leaving.isEmpty { tally.count(silentConnections: leaving.count) }
        guard isTaken else {
            tally.countRefusedConnection()
            return nil
        }
        channel.closeFuture.whenComplete { _ in
            self.entries.withLock { $0[ObjectIdentifier(connection)] = nil }
        }
        return connection
    }

    /// The client that a proxy speaks for on this connection from now on.
    ///
    /// - Parameter fields: the values of its `X-Forwarded-For`.
    func note(clientIn fields: [String], of connection: GatewayConnection) {
        let client = proxies.client(in: fields)
        entries.withLock { $0[ObjectIdentifier(connection)]?.holder = client?.holder }
    }

    /// Several at once, so that a flood of connections does not pay for a search with each.
    private func makeRoom(
        in entries: inout [ObjectIdentifier: Entry], now: NIODeadline
    ) -> [any NIOCore.Channel] {
        guard entries.count >= connectionsMax * 3 / 4 else { return [] }
        let isFull = entries.count >= connectionsMax
        let idle = entries.values.filter { !$0.connection.isAnswering }
        let strangers = idle.filter { !$0.connection.isKnown(at: now) }
        var crowd = Self.crowd(in: strangers, orAll: isFull)
        if isFull, crowd.isEmpty { crowd = Self.crowd(in: idle, orAll: true) }
        let count = max(1, min(connectionsMax / 64, crowd.count / 2))
        let leaving = crowd.map { (entry: $0, since: $0.connection.silentSince) }
            .sorted { $0.since < $1.since }.prefix(count).map(\.entry)
        for entry in leaving { entries[ObjectIdentifier(entry.connection)] = nil }
        return leaving.map(\.channel)
    }

    /// The connections of the address that holds most of them.
    ///
    /// - Parameter orAll: all of them, where no address holds two.
    private static func crowd(in entries: [Entry], orAll: Bool) -> [Entry] {
        var held: [NetworkAddress: Int] = [:]
        for entry in entries {
            if let holder = entry.holder { held[holder, default: 0] += 1 }
        }
        guard let most = held.values.max(), most > 1 else { return orAll ? entries : [] }
        return entries.filter { entry in entry.holder.map { held[$0] == most } ?? false }
    }
}
