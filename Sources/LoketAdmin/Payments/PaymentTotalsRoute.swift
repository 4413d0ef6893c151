// The totals of payments over the admin API, of all payments or of a range of time.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct PaymentTotalsRoute {
    let store: Store
    let registry: AccountRegistry
    let channels: ChannelNames

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "payments/totals", .read, use: totals)
    }

    /// - Throws: `invalid_parameter` for a range without a beginning, or of more days than are
    ///   added up at a time.
    private static func refuseLong(_ range: TimeRange, now: Moment) throws {
        guard range.from != nil || range.to != nil else { return }
        guard let from = range.from else {
            throw Problem(
                .invalidParameter, "`to` needs `from`: give the first day of the range, or neither")
        }
        let days = Int64(Limits.totalsDaysMax)
        let last = from.adding(milliseconds: days * Moment.dayMilliseconds)
        guard range.to ?? now > last else { return }
        throw Problem(
            .invalidParameter,
            "payments of more than \(days) days cannot be added up at once: give a `to` of "
                + "\(last.wibDate) or earlier, and add up the later days in a second request")
    }

    /// Returns the totals, computed from deliveries and from payments: both must agree.
    @Sendable private func totals(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(TimeRange.parameters.union(["account"]))
        let accountID = try context.account(parameters["account"], in: registry)
        let range = try TimeRange(parameters)
        try Self.refuseLong(range, now: .now)
        let totals = try await store.paymentTotals(
            accountID: accountID, from: range.from, to: range.to)
        let channels = channels
        return .json { body in
            body.object("received") { $0.write(totals.received) }
            body.array("standings") { list in
                for standing in Standing.allCases where standing.isOurs {
                    list.object { totals.write(standing, to: &$0) }
                }
            }
            body.array("excluded") { list in
                for standing in [Standing.foreign, .unreadable] {
                    list.object { totals.write(standing, to: &$0) }
                }
            }
            body.array("days") { list in
                for day in totals.days { list.object { day.write(to: &$0, channels) } }
            }
            body.object("notifications", of: totals.notifications) {
                $0.field("recorded", $1.recorded)
                $0.field("repeats", $1.repeats)
                $0.field("not_success", $1.notSuccess)
            }
        }
    }
}

extension Store.PaymentTotals {
    fileprivate func write(_ standing: Standing, to object: inout JSONWriter) {
        object.field("standing", standing.rawValue)
        object.write(standings[standing] ?? Store.Sum())
        object.field("needs_attention", needsAttention[standing] ?? 0)
    }
}

extension Store.PaymentTotals.Day {
    fileprivate func write(to object: inout JSONWriter, _ channels: ChannelNames) {
        object.field("date", String(begins.wibText.prefix(10)))
        object.field("channel", channels.name(of: channelID))
        object.write(settled)
        object.object("undecided") { $0.write(undecided) }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ sum: Store.Sum) {
        field("count", sum.count)
        field("amount", sum.amount)
    }
}
