// The deliveries that an operator should check although no payment needs a decision.

import LoketCore
import Testing

struct AttentionKindTests {
    private static let receipt = ReportedPayment(
        source: .notification, invoiceNumber: "INV-1", amount: nil, codeText: nil, dateText: nil)

    private static func kinds(
        _ reading: DeliveryReading, _ status: String?, isSigned: Bool? = true, wasPaid: Bool
    ) -> [AttentionKind] {
        AttentionKind.raised(by: reading, status: status, isSigned: isSigned, wasPaid: wasPaid)
    }

    @Test(arguments: [
        "REFUNDED", "VOIDED", "PAID", "SETTLEMENT", "", " ", "SUC CESS", "SUCCESS.", "ＦＡＩＬＥＤ",
    ])
    func `an undocumented status is listed, with or without a payment before`(status: String) {
        for wasPaid in [true, false] {
            #expect(
                Self.kinds(.notSuccess(Self.receipt), status, wasPaid: wasPaid)
                    == [.unknownStatus])
        }
    }

    @Test(arguments: ["FAILED", "EXPIRED", "failed", " Expired\r\n", "\tFAILED "])
    func `a failure is listed if the invoice number was paid before`(status: String) {
        #expect(
            Self.kinds(.notSuccess(Self.receipt), status, wasPaid: true) == [.contradictsPayment])
        #expect(Self.kinds(.notSuccess(Self.receipt), status, wasPaid: false) == [])
    }

    @Test(arguments: ["PENDING", "pending", " PENDING\n"])
    func `a late PENDING contradicts nothing`(status: String) {
        #expect(Self.kinds(.notSuccess(Self.receipt), status, wasPaid: true) == [])
    }

    @Test func `payments and the statuses of another service are not listed`() {
        var foreign = Self.receipt
        foreign.isOurService = false
        #expect(Self.kinds(.success(Self.receipt), "SUCCESS", wasPaid: true) == [])
        #expect(Self.kinds(.unreadable(nil), "REFUNDED", wasPaid: true) == [])
        for status in ["REFUNDED", "FAILED"] {
            #expect(Self.kinds(.notSuccess(foreign), status, wasPaid: true) == [])
        }
    }

    @Test func `a delivery that an earlier version could not read is listed if ours`() {
        var foreign = Self.receipt
        foreign.isOurService = false
        let listed: [(DeliveryReading, unresolved: Bool, dismissed: Bool)] = [
            (.success(Self.receipt), true, true), (.notSuccess(Self.receipt), true, false),
            (.success(foreign), false, false), (.notSuccess(foreign), false, false),
            (.unreadable(Self.receipt), false, false), (.unreadable(nil), false, false),
        ]
        for (reading, unresolved, dismissed) in listed {
            #expect(AttentionKind.isReadableNow(reading, wasDismissed: false) == unresolved)
            #expect(AttentionKind.isReadableNow(reading, wasDismissed: true) == dismissed)
        }
    }

    @Test func `an unsigned answer is listed, one with unknown signature is not`() {
        let success = DeliveryReading.success(Self.receipt)
        #expect(
            Self.kinds(success, "SUCCESS", isSigned: false, wasPaid: false) == [.unsignedAnswer])
        #expect(Self.kinds(success, "SUCCESS", isSigned: nil, wasPaid: false) == [])
        #expect(
            Self.kinds(.notSuccess(Self.receipt), "PAID", isSigned: false, wasPaid: false)
                == [.unknownStatus, .unsignedAnswer])
    }
}
