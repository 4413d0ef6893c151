// Lists of payments by their time, and the filters that look beyond the payment's own row: the
// customer, the code and the channel. Each list is compared page by page with the same filter in
// Swift.

import LoketCore
import Testing

@testable import LoketStore

struct PaymentsByDateTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private static let channels = ["ONLINE_TO_OFFLINE_ALFA", "ONLINE_TO_OFFLINE_INDOMARET", nil]

    private static func moment(_ milliseconds: Int64) -> Moment {
        Sample.now.adding(milliseconds: milliseconds)
    }

    /// Records 24 payments whose times repeat, go back, and are unreadable at times.
    private func fill() async throws {
        for place in 0..<24 {
            let code = "88965100000000\(10 + place % 4)"
            if place < 4 {
                var draft = try Sample.draft("INV-\(place)", code: code)
                draft.customerName = ["Agus Setiawan", "Siti Ünal", "Dewi", "Agustina"][place]
                draft.reusable = true
                _ = try await till.open.create(draft)
            }
            let notice = Notice(
                number: "INV-\(place % 6)", amount: 150_000, code: code,
                date: place % 5 == 4 ? "soon" : Notice.date(Int64(place % 7) * 1000),
                channel: Self.channels[place % 3], ids: ["AGENT_TRX_ID=\(place)"])
            try await till.take(notice, at: Self.moment(Int64(place) * 100))
        }
    }

    private func pages(
        _ filter: PaymentFilter, _ order: PaymentOrder, limit: Int, scanMax: Int = 200_000
    ) async throws -> [Int64] {
        var ids: [Int64] = []
        var after: PaymentPosition?
        repeat {
            let page = try await till.store.payments(
                filter, order: order, after: after, limit: limit, scanMax: scanMax)
            #expect(page.records.count <= limit)
            ids += page.records.map(\.id)
            #expect(page.next != after || after == nil)
            after = page.next
        } while after != nil && ids.count < 1000
        return ids
    }

    private struct Narrowing: Sendable {
        let name: String
        let apply: @Sendable (inout PaymentFilter) -> Void
        let isMatch: @Sendable (PaymentRecord, PaymentDetails) -> Bool
    }

    private static let narrowings: [Narrowing] = [
        Narrowing(name: "all", apply: { _ in }, isMatch: { _, _ in true }),
        Narrowing(
            name: "code", apply: { $0.paymentCode = "8896510000000011" },
            isMatch: { record, _ in record.paymentCode == "8896510000000011" }),
        Narrowing(
            name: "channel", apply: { $0.channelID = channels[1] },
            isMatch: { _, details in details.channelID == channels[1] }),
        Narrowing(
            name: "customer", apply: { $0.customer = "agus" },
            isMatch: { _, details in details.customer?.hasPrefix("Agus") == true }),
        Narrowing(
            name: "customer with an umlaut", apply: { $0.customer = "ünal" },
            isMatch: { _, details in details.customer == "Siti Ünal" }),
        Narrowing(
            name: "standing", apply: { $0.standing = .unmatched },
            isMatch: { record, _ in record.standing == .unmatched }),
        Narrowing(
            name: "bill", apply: { $0.billID = 2 }, isMatch: { record, _ in record.billID == 2 }),
        Narrowing(
            name: "needs a decision", apply: { $0.needsAttention = true },
            isMatch: { record, _ in record.needsAttention }),
    ]

    private static let ranges: [(from: Int64?, to: Int64?)] = [
        (nil, nil), (0, nil), (nil, 3000), (1000, 4000), (2000, 2001),
    ]

    @Test func `each filter narrows each range, in both orders, page by page`() async throws {
        try await fill()
        let all = try await till.store.payments(PaymentFilter(), limit: 1000)
        #expect(all.records.count == 24)
        for narrowing in Self.narrowings {
            for range in Self.ranges {
                var filter = PaymentFilter()
                narrowing.apply(&filter)
                (filter.from, filter.to) = (
                    range.from.map(Self.moment), range.to.map(Self.moment)
                )
                let matching = all.records.filter { record in
                    narrowing.isMatch(record, all.details[record.id] ?? .none)
                        && (filter.from.map { record.accountedAt >= $0 } ?? true)
                        && (filter.to.map { record.accountedAt < $0 } ?? true)
                }
                let isByTime = filter.isOrderedByTime
                let oldest = matching.sorted {
                    isByTime
                        ? ($0.accountedAt, $0.id) < ($1.accountedAt, $1.id) : $0.id < $1.id
                }.map(\.id)
                let name = "\(narrowing.name) \(range)"
                for (limit, scanMax) in [(1, 200_000), (7, 200_000), (5, 3), (1000, 200_000)] {
                    let rising = try await pages(filter, .oldest, limit: limit, scanMax: scanMax)
                    #expect(rising == oldest, "\(name)")
                    let falling = try await pages(filter, .newest, limit: limit, scanMax: scanMax)
                    #expect(falling == oldest.reversed(), "\(name)")
                }
            }
        }
    }

    @Test func `a payment without a readable time has the time of its receipt`() async throws {
        let own = try await till.pay(Notice(date: Notice.date(5000)))
        let unread = try await till.pay(
            Notice(number: "INV-2", date: "soon"), at: Self.moment(7000))
        var filter = PaymentFilter()
        filter.from = Self.moment(5000)
        #expect(try await pages(filter, .oldest, limit: 9) == [own, unread])
        filter.to = Self.moment(7000)
        #expect(try await pages(filter, .oldest, limit: 9) == [own])
    }

    @Test func `a payment is shown with its bill, its customer and its counter`() async throws {
        var draft = try Sample.fullDraft()
        draft.amounts = try #require(DatedAmounts(whole: 150_000))
        let bill = try await till.open.create(draft).bill.id
        let ids = ["AGENT_ID=ALFAMART", "AGENT_STORE_ID=B071", "AGENT_TRX_ID=1246"]
        let id = try await till.pay(Notice(number: "INV-1-0123456789", ids: ids))
        let page = try #require(try await till.store.payment(id: id))
        #expect(page.payment.billID == bill)
        #expect(page.payment.store == "B071" && page.payment.transactionID == "1246")
        #expect(page.details.channelID == "ONLINE_TO_OFFLINE_ALFA")
        #expect(page.details.customer == "Anton Budiman")
        #expect(page.details.billInvoiceNumber == "INV-1")
        #expect(page.details.metadata == #"{"class":"7B"}"#)
        _ = try await till.store.cancel(id: bill, reason: nil, actor: "ops", now: Sample.now)
        _ = try await till.store.forget(id: bill, actor: "ops", now: Sample.now)
        let later = try #require(try await till.store.payment(id: id)).details
        #expect(later.customer == nil && later.metadata == nil)
        #expect(later.billInvoiceNumber == "INV-1")
    }

    @Test func `a customer whose name is forgotten is not one who was forgotten`() async throws {
        var draft = try Sample.draft()
        draft.customerName = Store.forgottenName
        _ = try await till.open.create(draft)
        let id = try await till.pay()
        #expect(try await till.store.payment(id: id)?.details.customer == Store.forgottenName)
    }

    @Test func `the channel is that of the first notification that names one`() async throws {
        let id = try await till.pay(Notice(channel: nil))
        #expect(try await till.store.payment(id: id)?.details.channelID == nil)
        try await till.take(Notice(source: .checkStatus))
        #expect(
            try await till.store.payment(id: id)?.details.channelID == "ONLINE_TO_OFFLINE_ALFA")
        #expect(try await till.store.payment(id: id)?.deliveryIDs.count == 2)
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [1, 2, 3, 9])
    func `a damaged payment is left out, and named in one page`(limit: Int) async throws {
        for place in 1...5 { try await till.take(Notice(number: "INV-\(place)")) }
        try RawDatabase.damage(till.path, "UPDATE payment SET amount = 9 WHERE id IN (1, 3, 4)")
        var (ids, damaged) = ([Int64](), [Int64]())
        var after: PaymentPosition?
        repeat {
            let page = try await till.store.payments(PaymentFilter(), after: after, limit: limit)
            ids += page.records.map(\.id)
            damaged += page.damaged
            after = page.next
        } while after != nil
        #expect(ids == [5, 2] && damaged == [4, 3, 1])
    }
}
