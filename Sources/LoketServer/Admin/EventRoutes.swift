// Every change in its order, to be read and read again. An event's id names the history that it
// belongs to, so that a reader notices when the database is another one.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketCrypto
import LoketStore

struct EventRoutes {
    let store: BillStore
    let directory: Directory

    func add(to group: RouterGroup<AdminContext>) {
        group.get("events", use: list)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        var parameters = try request.parameters(["after", "limit"])
        let epoch = try store.epoch()
        let after = try parameters.removeValue(forKey: "after").map {
            try Self.number($0, epoch: epoch)
        }
        let limit = try Page(parameters).limit
        let events = try await store.events(after: after ?? 0, limit: limit + 1)
        let names = directory.clientIDs
        let shown = events.prefix(limit)
        return .json { body in
            body.array("items") { list in
                for event in shown {
                    list.object { event.write(to: &$0, epoch: epoch, accounts: names) }
                }
            }
            body.field(
                "next_cursor", events.count > limit ? shown.last.map { $0.name(epoch) } : nil)
        }
    }

    private static func number(_ text: String, epoch: String) throws -> Int64 {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int64(parts[1]), number >= 0 else {
            throw Problem(.invalidParameter, "`after` is no event's id")
        }
        guard parts[0] == epoch else {
            throw Problem(
                .cursorGone,
                "the event is of another history: the database was restored; read from the start")
        }
        return number
    }
}

extension Event {
    fileprivate func name(_ epoch: String) -> String { "\(epoch)-\(id)" }

    fileprivate func write(
        to object: inout JSONWriter, epoch: String, accounts: [Int64: String]
    ) {
        object.field("id", name(epoch))
        object.field("type", kind.rawValue)
        object.field("at", at.utcMillisecondText)
        object.field("account", accounts[accountID])
        if let billID {
            object.object("bill") { bill in
                bill.field("id", "\(billID)")
                bill.field("state", billState)
                guard paymentID == nil else { return }
                bill.field("invoice_number", invoiceNumber)
                bill.field("payment_code", paymentCode)
                bill.field("amount", amount)
            }
        } else {
            object.field("bill", nil as String?)
        }
        if let paymentID {
            object.object("payment") { payment in
                payment.field("id", "\(paymentID)")
                payment.field("invoice_number", invoiceNumber)
                payment.field("payment_code", paymentCode)
                payment.field("amount", amount)
                payment.field("standing", standing)
                payment.array("flags") { list in flags.forEach { list.string($0) } }
            }
        } else {
            object.field("payment", nil as String?)
        }
        object.field("notification_id", deliveryID.map { "\($0)" })
        guard let deliveryID, let ledgerHash else {
            object.field("ledger", nil as String?)
            return
        }
        object.object("ledger") {
            $0.field("number", "\(deliveryID)")
            $0.field("hash", hexadecimal(ledgerHash))
        }
    }
}
