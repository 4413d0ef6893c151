// The connections of the admin listener: a limited number, in which silent connections cannot keep
// others out. Past the limit, the longest silent idle connection is closed, first those of an
// address that holds most connections; if none is idle, one whose client does not read its answer.
// A client with hundreds of open connections, without a key or with incomplete requests, therefore
// locks no client out. One key may have requests in progress on a share of the connections. A
// connection whose answer is not read is closed after a time limit.

import HTTPTypes
import LoketCore
import LoketRuntime
import NIOCore
import NIOHTTPTypes
import Synchronization

final class AdminConnections: Sendable {
    private struct Entry {
        let channel: any NIOCore.Channel
        /// The client address.
        let holder: NetworkAddress?
        /// The key of the request in progress.
        var key: Int64?
        /// Requests received but not yet completely answered.
        var requests = 0
        /// Whether the client does not read.
        var isStalled = false
        /// The order of activity; greater for more recent activity.
        var turn: Int
        /// Whether the client has closed the connection, or its sending side.
        var isClosed = false
        /// Called when the client closes the connection, or its sending side.
        var whenClosed: (@Sendable () -> Void)?

        var isIdle: Bool { requests == 0 }
    }

    private struct Room {
        var entries: [ObjectIdentifier: Entry] = [:]
        var turn = 0

        mutating func nextTurn() -> Int {
            turn += 1
            return turn
        }

        func whoMakesRoom() -> ObjectIdentifier? {
            let crowd = crowd
            return oldest { crowd != nil && $0.holder == crowd && $0.isIdle }
                ?? oldest(where: \.isIdle) ?? oldest(where: \.isStalled)
        }

        /// The address that holds more than three quarters, if any.
        private var crowd: NetworkAddress? {
            Dictionary(grouping: entries.values, by: \.holder)
                .first { $0.value.count * 4 > entries.count * 3 }?.key
        }

        private func oldest(where condition: (Entry) -> Bool) -> ObjectIdentifier? {
            entries.filter { condition($0.value) }.min { $0.value.turn < $1.value.turn }?.key
        }
    }

    private let connectionsMax: Int
    /// The connections that requests with one key, or with wrong keys, may use.
    let share: Int
    private let room = Mutex(Room())
    private let whenFull: @Sendable () -> Void

    /// - Parameter whenFull: called for each connection closed to make room.
    init(max connectionsMax: Int, whenFull: @escaping @Sendable () -> Void = {}) {
        self.connectionsMax = connectionsMax
        self.whenFull = whenFull
        share = max(2, connectionsMax / 4)
    }

    /// Creates the handler to add after a connection's HTTP decoder.
    func makeHandler() -> any RemovableChannelHandler { AdminConnectionHandler(self) }

    /// Reserves a connection for this key until the connection has no request in progress.
    ///
    /// - Returns: false if the key uses its whole share.
    func take(_ channel: any NIOCore.Channel, for key: Int64) -> Bool {
        room.withLock { room in
            let own = ObjectIdentifier(channel)
            guard room.entries.count(where: { $0.key != own && $0.value.key == key }) < share
            else { return false }
            room.entries[own]?.key = key
            return true
        }
    }

    fileprivate func enter(_ channel: any NIOCore.Channel) {
        let tooMany = room.withLock { room -> (any NIOCore.Channel)? in
            let entry = Entry(
                channel: channel, holder: NetworkAddress(channel.remoteAddress)?.holder,
                turn: room.nextTurn())
            guard room.entries.count >= connectionsMax else {
                room.entries[ObjectIdentifier(channel)] = entry
                return nil
            }
            // If all other connections are busy, the new one is closed.
            guard let one = room.whoMakesRoom() else { return channel }
            let leaving = room.entries.removeValue(forKey: one)?.channel
            room.entries[ObjectIdentifier(channel)] = entry
            return leaving
        }
        guard let tooMany else { return }
        tooMany.close(promise: nil)
        whenFull()
    }

    fileprivate func note(_ requests: Int, of channel: any NIOCore.Channel) {
        room.withLock { room in
            let turn = room.nextTurn()
            guard var entry = room.entries[ObjectIdentifier(channel)] else { return }
            entry.requests += requests
            entry.turn = turn
            if entry.requests == 0 { entry.key = nil }
            room.entries[ObjectIdentifier(channel)] = entry
        }
    }

    /// Closes even busy connections.
    func closeAll() {
        let channels = room.withLock { $0.entries.values.map(\.channel) }
        for channel in channels { channel.close(promise: nil) }
    }

    fileprivate func note(isStalled: Bool, of channel: any NIOCore.Channel) {
        room.withLock { $0.entries[ObjectIdentifier(channel)]?.isStalled = isStalled }
    }

    fileprivate func leave(_ channel: any NIOCore.Channel) {
        let entry = room.withLock { $0.entries.removeValue(forKey: ObjectIdentifier(channel)) }
        entry?.whenClosed?()
    }

    // MARK: Waiting requests

    /// Runs an operation, and cancels it when the client closes the connection.
    func cancelWhenClosed<Value: Sendable>(
        _ channel: any NIOCore.Channel, _ operation: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await operation() }
        let own = ObjectIdentifier(channel)
        let isThere = room.withLock { room in
            room.entries[own]?.whenClosed = { task.cancel() }
            return room.entries[own]?.isClosed == false
        }
        if !isThere { task.cancel() }
        defer { room.withLock { $0.entries[own]?.whenClosed = nil } }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Notes that the client sends nothing more.
    fileprivate func noteClosed(_ channel: any NIOCore.Channel) {
        let entry = room.withLock { room in
            room.entries[ObjectIdentifier(channel)]?.isClosed = true
            return room.entries[ObjectIdentifier(channel)]
        }
        entry?.whenClosed?()
    }
}

private final class AdminConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: AdminConnections
    private var stall: Scheduled<Void>?

    init(_ connections: AdminConnections) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        try? context.channel.pipeline.syncOperations.closeOnExec()
        do {
            try AdminHeads.add(to: context.pipeline.syncOperations)
        } catch {
            return context.close(promise: nil)
        }
        connections.enter(context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stall?.cancel()
        connections.leave(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            connections.note(1, of: context.channel)
            if head.headerFields[.expect]?.lowercased() == "100-continue" { goOn(context) }
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent { connections.noteClosed(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { connections.note(-1, of: context.channel) }
        context.write(data, promise: promise)
    }

    /// Closes a stalled connection after a time; during a backup it would block all other backups.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        connections.note(isStalled: !context.channel.isWritable, of: context.channel)
        if !context.channel.isWritable {
            let channel = context.channel
            stall = context.eventLoop.scheduleTask(in: .seconds(Limits.adminStallSeconds)) {
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    /// Sends the answer that a client with `Expect: 100-continue` waits for (RFC 9110 §10.1.1).
    private func goOn(_ context: ChannelHandlerContext) {
        let answer = HTTPResponse(status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
    }
}
