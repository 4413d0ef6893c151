// How much of a request's body the gateway accepts: up to 16 KiB from any sender, and more only
// from a sender that may be DOKU, while there is room.

import LoketCore
import NIOCore
import NIOHTTP1
import Synchronization

extension GatewayHandler {
    func add(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        guard case .reading(let request) = state else { return }
        let count = request.body.count + bytes.readableBytes
        guard count <= request.route.bodyBytesMax else {
            return refuse(.bodyTooLarge, context: context)
        }
        guard admit(request, bytes: count, context: context) else { return }
        if count > Limits.openBodyBytesMax {
            let share = request.share ?? BodyBudget.Share(of: bodies)
            request.share = share
            guard share.grow(to: count) else {
                metrics.countBodyRefusal()
                return refuse(.noRoomForBody, context: context)
            }
        }
        request.body.append(contentsOf: bytes.readableBytesView)
    }

    /// Accepts a large body only if the head of its request shows that it may come from DOKU.
    ///
    /// - Returns: false if the request has been answered.
    func admit(
        _ request: GatheredRequest, bytes: Int, context: ChannelHandlerContext
    ) -> Bool {
        guard bytes > Limits.openBodyBytesMax, !request.isAdmitted else { return true }
        let headers = request.head.head.headers
        if let reply = endpoint.refusal(
            of: request.route.kind, headers: headers, source: { source(of: context) })
        {
            skip(reply, request.head, context: context)
            return false
        }
        request.isAdmitted = true
        return true
    }
}

/// The memory that the large bodies of all connections share while they are received. Unverified
/// senders can use no more than this; a body that exceeds it is answered 503, and DOKU sends it
/// again.
final class BodyBudget: Sendable {
    private let bytesMax: Int
    private let taken = Atomic<Int>(0)

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// One body's part of the budget, freed on release.
    final class Share {
        private let budget: BodyBudget
        private var bytes = 0

        init(of budget: BodyBudget) {
            self.budget = budget
        }

        deinit { budget.taken.subtract(bytes, ordering: .relaxed) }

        /// - Returns: false if there is not enough room for `count` bytes.
        func grow(to count: Int) -> Bool {
            let more = count - bytes
            bytes = count
            return budget.taken.add(more, ordering: .relaxed).newValue <= budget.bytesMax
        }
    }
}
