// The state of the Check Status server: its invoices, its received requests, and the answers. It
// uses no socket: a request is a value, and its answer is passed to a closure.

import LoketCore
import LoketSystem
import Synchronization

final class CheckStatusState: Sendable {
    typealias Give = @Sendable (DokuAnswer) -> Void

    struct Record: Sendable {
        var requests: [String: Int] = [:]
        var refusals: [String] = []
        var targets: [String] = []
        var heldCount = 0
    }

    private struct State {
        var bodies: [String: [UInt8]] = [:]
        var manners: [String: CheckStatusServer.Manner] = [:]
        var manner = CheckStatusServer.Manner.signed
        var record = Record()
        var isHolding = false
        var held: [(DokuRequest, Give)] = []
    }

    private let clerk: CheckStatusSigner
    private let now: @Sendable () -> Moment
    private let state = Mutex(State())

    init(clerk: CheckStatusSigner, now: @escaping @Sendable () -> Moment) {
        self.clerk = clerk
        self.now = now
    }

    // MARK: Setting up

    func put(_ body: [UInt8], for invoice: String) {
        state.withLock { $0.bodies[invoice] = body }
    }

    func setManner(_ manner: CheckStatusServer.Manner, for invoice: String?) {
        state.withLock {
            if let invoice { $0.manners[invoice] = manner } else { $0.manner = manner }
        }
    }

    func hold() {
        state.withLock { $0.isHolding = true }
    }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for (request, give) in held { give(answer(to: request)) }
    }

    func forgetHeld() {
        state.withLock { $0.held = [] }
    }

    var record: Record {
        state.withLock { state in
            var record = state.record
            record.heldCount = state.held.count
            return record
        }
    }

    // MARK: Requests

    /// Records a request on arrival. Answers it immediately, or on release if requests are held.
    func receive(_ request: DokuRequest, give: @escaping Give) {
        let refusal = refusal(of: request)
        let isHeld = state.withLock { state in
            state.record.targets.append(request.target)
            if let refusal {
                state.record.refusals.append(refusal.rawValue)
            } else if let invoice = Self.invoice(in: request.target) {
                state.record.requests[invoice, default: 0] += 1
            }
            if state.isHolding { state.held.append((request, give)) }
            return state.isHolding
        }
        if !isHeld { give(answer(to: request)) }
    }

    private func refusal(of request: DokuRequest) -> CheckStatusSigner.Refusal? {
        clerk.refusal(of: request, now: now())
    }

    private func answer(to request: DokuRequest) -> DokuAnswer {
        guard request.method == "GET" else { return CheckStatusSigner.plain(405, "") }
        if let refusal = refusal(of: request) { return CheckStatusSigner.answer(refusal) }
        let invoice = Self.invoice(in: request.target)
        let (manner, body) = state.withLock { state in
            (
                invoice.flatMap { state.manners[$0] } ?? state.manner,
                invoice.flatMap { state.bodies[$0] }
            )
        }
        guard manner != .failing else {
            return CheckStatusSigner.plain(500, #"{"message":["INTERNAL SERVER ERROR"]}"#)
        }
        let notFound = Array(#"{"message":["TRANSACTION NOT FOUND"]}"#.utf8)
        return clerk.answer(
            body == nil ? 404 : 200, body ?? notFound, to: request, manner: manner, now: now())
    }

    // MARK: The path

    private static let path = "/orders/v1/status/"

    /// Returns the requested invoice number; nil for any other target.
    static func invoice(in target: String) -> String? {
        guard target.hasPrefix(path) else { return nil }
        let escaped = target.dropFirst(path.count)
        guard !escaped.isEmpty, !escaped.contains(where: { "/?#".contains($0) }) else { return nil }
        return percentDecoded(escaped)
    }
}
