// The scenes with bills and payments: bills in each state, decided payments, damaged rows. Not a
// test.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

extension Scene {
    /// Bill 1 is open, 2 is paid, 3 is cancelled, 4 is reusable, 5 is cancelled and was paid after
    /// that, 6 has the code of 3.
    static let bills = Scene { service in
        try service.seed([
            .sample(Till.code, "INV-1"), .sample("88965110000002", "INV-2"),
            .sample("88965110000003", "INV-3"),
            .sample("88965110000004", "INV-4") { $0.reusable = true },
            .sample("88965110000005", "INV-5"),
        ])
        try await service.pay(Till.notice("INV-2", code: "88965110000002"))
        for id in [3, 5] {
            #expect(
                try await service.admin.post("/admin/v1/bills/\(id)/cancel", "{}").status == 200)
        }
        try await service.pay(Till.notice("INV-5", code: "88965110000005"))
        try service.seed([.sample("88965110000003", "INV-6")])
        return service.admin
    }

    /// Bills use all ten codes of a BIN with one free digit.
    static let usedUpBIN = Scene { settings in
        let bin = try? BIN(
            digits: Shop.direct, type: .direct, channels: [.alfa], codeLengthMin: 6,
            codeLengthMax: 6)
        settings.accounts[0].bins = BINTable([bin].compactMap(\.self))
    } arrange: { service in
        try service.seed((0..<10).map { try .sample("\(Shop.direct)\($0)", "INV-\($0)") })
        return service.admin
    }

    /// Payment 1 settled its bill; 2, 4 and 5 are for the same bill; 3 was too low. Payments 3 and
    /// 4 are dismissed. A refund of payment 1 is listed and resolved.
    static let payments = Scene { service in
        try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
        try await service.pay(Till.notice("INV-1", transaction: "T1"))
        try await service.pay(Till.notice("INV-1", transaction: "T2"))
        try await service.pay(Till.notice("INV-2", amount: 1, code: Till.otherCode))
        #expect(try await service.resolve("3", #"{"action":"dismiss"}"#).status == 200)
        try await service.pay(Till.notice("INV-1", transaction: "T4"))
        #expect(try await service.resolve("4", #"{"action":"dismiss"}"#).status == 200)
        try await service.pay(Till.notice("INV-1", transaction: "T5"))
        try await service.pay(Till.notice { $0.status = "REFUNDED" })
        let noted = try await service.admin.post("/admin/v1/attention/1/resolve", #"{"note":"x"}"#)
        #expect(noted.status == 200, "\(noted.text)")
        return service.admin
    }

    // MARK: Damage

    /// The row of bill 1 does not match its checksum; payments 1 and 2 match no bill, and 2 is
    /// dismissed.
    static let damagedBill = Scene { service in
        try service.seed([.sample(Till.code, "INV-1")])
        for number in ["INV-9", "INV-8"] { try await service.pay(Till.notice(number)) }
        #expect(try await service.resolve("2", #"{"action":"dismiss"}"#).status == 200)
        try ForeignHand.damage(
            service.folder.file("loket.db"), "UPDATE bill SET amount = -950000 WHERE id = 1")
        return service.admin
    }

    /// The row of payment 1, which waits for a decision, does not match its checksum.
    static let damagedPayment = Scene { service in
        try service.seed([.sample(Till.code, "INV-1")])
        try await service.pay(Till.notice(amount: 1))
        try ForeignHand.damage(
            service.folder.file("loket.db"), "UPDATE payment SET amount = 950000 WHERE id = 1")
        return service.admin
    }

    /// Pauses cannot be written; StoreFailingTests covers a lock that is not released in time.
    static let failingDatabase = Scene { service in
        try ForeignHand.run(
            service.folder.file("loket.db"), "ALTER TABLE pause RENAME TO lost_pause")
        return service.admin
    }
}
