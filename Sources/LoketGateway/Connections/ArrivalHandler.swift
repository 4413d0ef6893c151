// The first handler of a connection, before the HTTP decoder: what was read waits for its turn, and
// nothing more is read of the connection meanwhile. The connection's clock hears of bytes here: a
// sender who never finishes his header lines is seen nowhere else.

import NIOCore

final class ArrivalHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let deadline: ConnectionDeadline
    private let connection: GatewayConnection
    private let wait: SocketWait
    /// Nil once the connection has ended: the queue may still have its reads.
    private var queue: TurnQueue?
    private let sender: TurnQueue.Sender
    private var context: ChannelHandlerContext?
    private var waiting: CircularBuffer<ByteBuffer> = []
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
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        queue = nil
        waiting = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = NIODeadline.now()
        let bytes = unwrapInboundIn(data)
        wait.read(isFull: bytes.writableBytes == 0, at: now, from: context.channel)
        waiting.append(bytes)
        queue?.add(self, of: sender, at: now)
    }

    /// Called by the queue, once for each read.
    func handleNext() {
        guard let context, let bytes = waiting.popFirst() else { return }
        if deadline.phase != .inRequest, bytes.isEmptyLines {
            context.fireChannelRead(wrapInboundOut(bytes))
        } else {
            let now = NIODeadline.now()
            connection.heard(at: now)
            deadline.bytesArrived(at: now)
            context.fireChannelRead(wrapInboundOut(bytes))
            deadline.readTaken(bytes)
        }
        context.fireChannelReadComplete()
        guard waiting.isEmpty else { return }
        if isInputClosed {
            isInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        // From the far end of the pipeline: the gateway's handler may hold it on.
        if holdsRead { context.channel.read() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.fireChannelReadComplete() }
    }

    func read(context: ChannelHandlerContext) {
        holdsRead = !waiting.isEmpty
        guard !holdsRead else { return }
        wait.willRead()
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent, !waiting.isEmpty {
            isInputClosed = true
            return
        }
        // The service stops: what has come by now is answered first.
        if event is ChannelShouldQuiesceEvent { while !waiting.isEmpty { handleNext() } }
        context.fireUserInboundEventTriggered(event)
    }
}

/// Empty lines before a request line are skipped by the decoder and begin no request
/// (RFC 9112 §2.2).
extension ByteBuffer {
    fileprivate var isEmptyLines: Bool { readableBytesView.withoutEmptyLines.isEmpty }
}

extension ByteBufferView {
    var withoutEmptyLines: SubSequence {
        let ends = reversed().prefix { $0 == 0x0D || $0 == 0x0A }.count
        return dropLast(ends)
    }
}
