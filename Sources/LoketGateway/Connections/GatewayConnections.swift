// The open connections of the gateway. Their number is limited, and silent connections are closed
// before the limit is reached. Above three quarters of the limit, the address with the most
// connections loses its longest silent ones: one at a time at intervals, several when few places
// are left, and one for each new connection once the limit is reached. The pace is slow because
// clients reconnect: closing many at once would bring as many new connections at once. Connections
// that recently verified a request are closed last; a connection whose answer waits for the disk is
// never closed.

import LoketCore
import LoketRuntime
import NIOCore
import Synchronization

/// One connection, updated by its event loop and read by the loop that chooses connections to
/// close.
final class GatewayConnection: Sendable {
    /// Whether the peer is a proxy that forwards requests of many clients.
    let isProxied: Bool
    /// The client's address; nil for a proxy.
    let holder: NetworkAddress?
    private let heardAt: Atomic<UInt64>
    private let verifiedAt = Atomic<UInt64>(0)
    private let answers = Atomic<Bool>(false)

    /// - Parameter peer: the remote address of the connection.
    init(_ peer: NetworkAddress?, isProxied: Bool, now: NIODeadline) {
        self.isProxied = isProxied
        holder = isProxied ? nil : peer?.holder
        heardAt = Atomic(now.uptimeNanoseconds)
    }

    func heard(at now: NIODeadline) {
        heardAt.store(now.uptimeNanoseconds, ordering: .relaxed)
    }

    /// Records that the last request received proved its sender.
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
        /// The client's address; nil if a proxy has not named a client yet.
        var holder: NetworkAddress?
    }

    /// A connection that may be closed to make room, with its state when it was chosen.
    private struct Candidate {
        let id: ObjectIdentifier
        let holder: NetworkAddress?
        let silentSince: UInt64
        let isKnown: Bool
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        /// The chosen connections, longest silent last.
        var leaving: [Candidate] = []
        /// Whether silent connections are being closed at intervals.
        var isThinning = false
    }

    private let connectionsMax: Int
    private let proxies: TrustedProxies
    private let metrics: Metrics
    private let state = Mutex(State())

    init(max connectionsMax: Int, proxies: [AddressRange], metrics: Metrics) {
        self.connectionsMax = connectionsMax
        self.proxies = TrustedProxies(proxies)
        self.metrics = metrics
    }

    /// - Returns: nil if there is no room; the caller then closes the channel.
    func enter(_ channel: any NIOCore.Channel) -> GatewayConnection? {
        let now = NIODeadline.now()
        let peer = NetworkAddress(channel.remoteAddress)
        let isProxied = peer.map(proxies.contains) ?? false
        let connection = GatewayConnection(peer, isProxied: isProxied, now: now)
        let (leaving, isTaken, isCrowded) = state.withLock { state in
            let isFull = state.entries.count >= connectionsMax
            let leaving = isFull ? takeLeaving(1, in: &state, now: now) : []
            guard state.entries.count < connectionsMax else { return (leaving, false, false) }
            state.entries[ObjectIdentifier(connection)] = Entry(
                channel: channel, connection: connection, holder: connection.holder)
            let isCrowded = state.entries.count > connectionsMax * 3 / 4 && !state.isThinning
            if isCrowded { state.isThinning = true }
            return (leaving, true, isCrowded)
        }
        close(leaving)
        if isCrowded { thin(on: channel.eventLoop) }
        guard isTaken else {
            metrics.countRefusedConnection()
            return nil
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.entries[ObjectIdentifier(connection)] = nil }
        }
        return connection
    }

    /// Records the client for which a proxy now uses this connection.
    ///
    /// - Parameter fields: the values of the request's `X-Forwarded-For`.
    func note(clientIn fields: [String], of connection: GatewayConnection) {
        let client = proxies.client(in: fields)
        state.withLock { $0.entries[ObjectIdentifier(connection)]?.holder = client?.holder }
    }

    /// - Parameter fields: the values of `X-Forwarded-For`.
    func client(in fields: [String]) -> NetworkAddress? { proxies.client(in: fields) }

    /// Closes silent connections, a few at a time, until at most three quarters of the limit are
    /// open.
    private func thin(on loop: any EventLoop) {
        let leaving: [any NIOCore.Channel]? = state.withLock { state in
            state.isThinning = state.entries.count > connectionsMax * 3 / 4
            guard state.isThinning else {
                state.leaving = []
                return nil
            }
            let crowd = max(state.entries.count - connectionsMax * 15 / 16, 0)
            return takeLeaving(
                max(crowd / Limits.silentShare, 1), in: &state, now: .now())
        }
        guard let leaving else { return }
        close(leaving)
        loop.scheduleTask(in: .milliseconds(Limits.betweenSilentMilliseconds)) {
            self.thin(on: loop)
        }
    }

    private func close(_ leaving: [any NIOCore.Channel]) {
        guard !leaving.isEmpty else { return }
        for channel in leaving { channel.close(promise: nil) }
        metrics.count(silentConnections: leaving.count)
    }

    /// - Returns: the channels to close, at most `count`.
    private func takeLeaving(
        _ count: Int, in state: inout State, now: NIODeadline
    ) -> [any NIOCore.Channel] {
        var taken: [any NIOCore.Channel] = []
        while taken.count < count {
            // Many connections are chosen in one search, so that a flood of new connections does
            // not cause a search for each of them.
            let isChosen = state.leaving.isEmpty
            if isChosen { state.leaving = choose(from: state.entries, now: now) }
            if let channel = takeLeaving(in: &state, now: now) {
                taken.append(channel)
            } else if isChosen {
                break
            }
        }
        return taken
    }

    /// Skips connections that received bytes after they were chosen.
    private func takeLeaving(
        in state: inout State, now: NIODeadline
    ) -> (any NIOCore.Channel)? {
        while let candidate = state.leaving.popLast() {
            guard let entry = state.entries[candidate.id], entry.holder == candidate.holder,
                entry.connection.silentSince == candidate.silentSince,
                !entry.connection.isAnswering,
                candidate.isKnown || !entry.connection.isKnown(at: now)
            else { continue }
            state.entries[candidate.id] = nil
            return entry.channel
        }
        return nil
    }

    private func choose(
        from entries: [ObjectIdentifier: Entry], now: NIODeadline
    ) -> [Candidate] {
        let isFull = entries.count >= connectionsMax
        var idle: [Candidate] = []
        idle.reserveCapacity(entries.count)
        for (id, entry) in entries where !entry.connection.isAnswering {
            idle.append(
                Candidate(
                    id: id, holder: entry.holder, silentSince: entry.connection.silentSince,
                    isKnown: entry.connection.isKnown(at: now)))
        }
        var crowd = Self.crowd(in: idle.filter { !$0.isKnown }, orAll: isFull)
        if isFull, crowd.isEmpty { crowd = Self.crowd(in: idle, orAll: true) }
        crowd.sort { $0.silentSince < $1.silentSince }
        let count = max(1, min(connectionsMax / 8, crowd.count / 2))
        return crowd.prefix(count).reversed()
    }

    /// Returns the connections of the address that holds the most.
    ///
    /// - Parameter orAll: return all candidates if no address holds two.
    private static func crowd(in candidates: [Candidate], orAll: Bool) -> [Candidate] {
        var held: [NetworkAddress: Int] = [:]
        for candidate in candidates {
            if let holder = candidate.holder { held[holder, default: 0] += 1 }
        }
        guard let most = held.values.max(), most > 1 else { return orAll ? candidates : [] }
        return candidates.filter { $0.holder.map { held[$0] == most } ?? false }
    }
}
