// The first handler of a connection, before the HTTP decoder. Received bytes wait in the turn
// queue; meanwhile at most one more read is made, because to stop reading and to begin again would
// cost two system calls for each request. This handler also reports arriving bytes to the
// connection's deadline: no later handler sees a sender who never finishes his header lines.

import NIOCore

final class ArrivalHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let deadline: ConnectionDeadline
    private let connection: GatewayConnection
    private let wait: SocketWait
    private let sender: TurnQueue.Sender
    /// The queue and this connection's place in it; nil once the connection has ended, when the queue
    /// may still hold its reads.
    private var queue: TurnQueue?
    private var line: TurnQueue.Line?
    private var context: ChannelHandlerContext?
    private var waiting: CircularBuffer<(bytes: ByteBuffer, arrivedAt: NIODeadline)> = []
    private var holdsRead = false
    private var isInputClosed = false

    init(
        _ deadline: ConnectionDeadline, _ connection: GatewayConnection, _ wait: SocketWait,
        _ queue: TurnQueue
    ) {
        self.deadline = deadline
        self.connection = connection
        self.wait = wait
        self.queue = queue
        sender =
            connection.holder.map { .address($0) } ?? .connection(ObjectIdentifier(connection))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        line = queue?.join(as: sender)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if let line { queue?.leave(line) }
        (queue, line) = (nil, nil)
        waiting = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = NIODeadline.now()
        let bytes = unwrapInboundIn(data)
        let arrivedAt = wait.read(
            isFull: bytes.writableBytes == 0, at: now, from: context.channel)
        waiting.append((bytes, arrivedAt))
        if let line { queue?.add(self, to: line, at: now) }
    }

    /// Handles one waiting read; called by the queue, which calls `completeRead` later.
    func handleNext() {
        guard let context, let (bytes, arrivedAt) = waiting.popFirst() else { return }
        wait.handle(bytesOf: arrivedAt)
        if deadline.phase != .inRequest, bytes.isEmptyLines {
            context.fireChannelRead(wrapInboundOut(bytes))
        } else {
            let now = NIODeadline.now()
            connection.heard(at: now)
            deadline.bytesArrived(at: now)
            context.fireChannelRead(wrapInboundOut(bytes))
            deadline.readTaken(bytes)
        }
    }

    /// Sends the replies to the reads that were handled.
    func completeRead() {
        guard let context else { return }
        context.fireChannelReadComplete()
        guard waiting.isEmpty else { return }
        if isInputClosed {
            isInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        // Reads from the end of the pipeline, so that the gateway's handler may delay the read.
        if holdsRead { context.channel.read() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.fireChannelReadComplete() }
    }

    func read(context: ChannelHandlerContext) {
        holdsRead = waiting.count > 1
        guard !holdsRead else { return }
        wait.willRead()
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent, !waiting.isEmpty {
            isInputClosed = true
            return
        }
        // The service is stopping: everything received so far is answered first.
        if event is ChannelShouldQuiesceEvent, !waiting.isEmpty {
            while !waiting.isEmpty { handleNext() }
            completeRead()
        }
        context.fireUserInboundEventTriggered(event)
    }
}

/// The decoder skips empty lines before a request line; they do not begin a request (RFC 9112
/// §2.2).
extension ByteBuffer {
    fileprivate var isEmptyLines: Bool { readableBytesView.withoutEmptyLines.isEmpty }
}

extension ByteBufferView {
    var withoutEmptyLines: SubSequence {
        let ends = reversed().prefix { $0 == 0x0D || $0 == 0x0A }.count
        return dropLast(ends)
    }
}
