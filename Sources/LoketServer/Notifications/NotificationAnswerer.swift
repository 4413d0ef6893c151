// One notification on one event loop: verified here, recorded by the one writer, answered when the
// commit is on disk. Whatever keeps it from the disk is a 503, and DOKU sends it again.

import LoketCore
import LoketStore
import Logging
import NIOCore

package final class NotificationAnswerer {
    private let responder: NotificationResponder
    private let store: BillStore
    private let quarantine: QuarantineDoor
    private let tally: Tally

    package init(
        responder: NotificationResponder, store: BillStore, quarantine: QuarantineDoor,
        tally: Tally
    ) {
        self.responder = responder
        self.store = store
        self.quarantine = quarantine
        self.tally = tally
    }

    package func answer(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8], now: Moment,
        on loop: any EventLoop
    ) -> GatewayAnswer {
        switch responder.begin(headers: headers, body: body, now: now) {
        case .refused(let cause, let request):
            tally.count(unverifiedNotification: cause)
            if let request { quarantine.keep(request) }
            return .now(Reply(.unverifiedNotification))
        case .record(let verified):
            return .later(record(verified, on: loop))
        }
    }

    private func record(
        _ verified: NotificationResponder.Verified, on loop: any EventLoop
    ) -> EventLoopFuture<Reply> {
        let promise = loop.makePromise(of: Reply.self)
        let isAnswered = NIOLoopBoundBox(false, eventLoop: loop)
        let answer: @Sendable (Reply) -> Void = { reply in
            guard !isAnswered.value else { return }
            isAnswered.value = true
            promise.succeed(reply)
        }
        // The write goes on: if it is done in the end, DOKU's next try is a repeat.
        let limit = loop.scheduleTask(
            in: .milliseconds(Limits.notificationAnswerMilliseconds)
        ) { [tally] in
            tally.count(notRecorded: "no commit within the time")
            answer(Reply(.notRecorded))
        }
        store.take(verified.delivery, verified.told) { [responder, tally] result in
            let reply = Self.reply(to: result, for: verified, responder: responder, tally: tally)
            loop.execute {
                limit.cancel()
                answer(reply)
            }
        }
        return promise.futureResult
    }

    private static func reply(
        to result: Result<Taken, any Error>, for verified: NotificationResponder.Verified,
        responder: NotificationResponder, tally: Tally
    ) -> Reply {
        switch result {
        case .success(let taken):
            tally.count(taken)
            return responder.recorded(verified, now: .now)
        case .failure(let error):
            tally.count(notRecorded: "\(error)")
            return Reply(.notRecorded)
        }
    }
}
