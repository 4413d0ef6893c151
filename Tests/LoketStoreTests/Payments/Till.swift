// An open store that records notices, and keeps the notice of each body for later reading.

import Foundation
import GRDB
import LoketCore
import Synchronization
import Testing

@testable import LoketStore

final class Till: Sendable {
    let open: OpenStore
    private let notices = Mutex<[[UInt8]: Notice]>([:])
    private let requests = Mutex(0)

    init() throws {
        open = try OpenStore()
    }

    var store: Store { open.store }
    var path: String { open.path }

    // MARK: Doing

    @discardableResult
    func bill(
        _ number: String = "INV-1", amount: Int64 = 150_000, code: String = Sample.codeText,
        expiresAt: Moment? = nil, reusable: Bool = false
    ) async throws -> Int64 {
        var draft = try Sample.draft(number, code: code, amount: amount, expiresAt: expiresAt)
        draft.reusable = reusable
        return try await open.create(draft).bill.id
    }

    /// Keeps the notice of the body.
    func delivery(
        _ notice: Notice, request: String? = nil, at moment: Moment = Sample.now
    ) -> Delivery {
        notices.withLock { $0[notice.body] = notice }
        let number = requests.withLock { number in
            number += 1
            return number
        }
        return notice.delivery(request ?? "request \(number)", account: open.account, at: moment)
    }

    @discardableResult
    func take(
        _ notice: Notice = Notice(), request: String? = nil, at moment: Moment = Sample.now
    ) async throws -> RecordedDelivery {
        try await store.take(
            delivery(notice, request: request, at: moment), notice.contents)
    }

    /// Returns the payment that the notice creates or repeats.
    func pay(_ notice: Notice = Notice(), at moment: Moment = Sample.now) async throws -> Int64 {
        try #require(try await take(notice, at: moment).entry?.paymentID)
    }

    @discardableResult
    func resolve(
        _ payment: Int64, _ action: Resolution, bill: Int64? = nil, note: String? = nil
    ) async throws -> ResolveOutcome {
        try await store.resolve(
            paymentID: payment, action, billID: bill, note: note, actor: "ops",
            now: Sample.now)
    }

    func edit(
        _ id: Int64, at moment: Moment = Sample.now, _ change: (inout BillEdit) -> Void
    ) async throws -> EditOutcome {
        var edit = BillEdit()
        change(&edit)
        return try await store.edit(id: id, edit, actor: "ops", now: moment) { _ in true }
    }

    func cancel(_ id: Int64) async throws {
        _ = try await store.cancel(id: id, reason: nil, actor: "ops", now: Sample.now)
    }

    // MARK: Looking

    func state(_ id: Int64) async throws -> Bill.State? {
        try await store.bill(id: id)?.bill.state
    }

    func payment(_ id: Int64) async throws -> PaymentRecord {
        try #require(try await store.payment(id: id)).payment
    }

    var payments: [PaymentRecord] {
        get async throws {
            try await store.payments(PaymentFilter(), limit: 1000).records.reversed()
        }
    }

    var read: DeliveryReader {
        let all = notices.withLock { $0 }
        return { delivery, reader in
            guard let notice = all[delivery.body],
                reader != .strict || !notice.isUnreadableToFirst
            else { return (nil, .unreadable(nil)) }
            return (notice.status, notice.reading)
        }
    }

    func classifyPending() async throws -> (done: Int, faults: [String]) {
        let all = notices.withLock { $0 }
        return try await store.classifyPending { delivery in
            all[delivery.body]?.contents
                ?? DeliveryContents(status: nil, reading: .unreadable(nil), codeIsOurs: true)
        }
    }

    func audit() throws -> LedgerAudit {
        let queue = try RawDatabase.open(path)
        defer { try? queue.close() }
        return try queue.read { try LedgerAudit($0, read: read) }
    }

    // MARK: Spoiling

    /// Changes a payment outside the store and corrects its checksum.
    func tamper(payment id: Int64, _ change: String) throws {
        try RawDatabase.execute(
            path, "UPDATE payment SET \(change) WHERE id = \(id)", checked: false)
        let queue = try RawDatabase.open(path)
        defer { try? queue.close() }
        try queue.write { try PaymentRow.seal(id, in: $0) }
    }

    func tamper(bill id: Int64, _ change: String) throws {
        let queue = try RawDatabase.open(path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "UPDATE bill SET \(change) WHERE id = \(id)")
            // The row is read regardless of its present checksum.
            let sql = "SELECT \(BillRow.columns) FROM bill WHERE id = \(id)"
            let row = try #require(try Row.fetchOne(database, sql: sql))
            let (bill, accountID) = try #require(BillRow.asItStands(row))
            let checksum = BillRow.checksum(of: bill, accountID: accountID)
            try database.execute(
                sql: "UPDATE bill SET checksum = ? WHERE id = ?", arguments: [checksum, id])
        }
    }
}
