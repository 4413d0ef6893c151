// The canonical workload: which bills there are, and which codes are asked for in which order. All
// of it follows from the number of bills and a seed.

import LoketCore

package struct Workload: Sendable {
    /// An inquiry and the HTTP status that is right for it.
    package struct Question: Sendable {
        package let code: String
        package let expectedStatus: Int

        package init(code: String, expectedStatus: Int) {
            self.code = code
            self.expectedStatus = expectedStatus
        }
    }

    package let billCount: Int
    private let bin: String
    private let seed: UInt64

    /// One bill in so many is reusable, so that its answer needs a number of its own.
    private static let reusableEvery = 20
    /// One question in so many is for a code that nobody has.
    private static let unknownEvery: UInt64 = 20
    private static let freeDigits = 10

    /// - Parameter bin: 6 digits, so that a code has 16.
    package init(billCount: Int, bin: String, seed: UInt64) {
        self.billCount = billCount
        self.bin = bin
        self.seed = seed
    }

    /// Bill number `index`: codes are scattered over their whole range.
    package func draft(_ index: Int) -> BillDraft {
        guard let code = PaymentCode(code(index)),
            let number = InvoiceNumber("INV-2026-\(index)"),
            let amount = Rupiah(whole: Int64(10_000 + index % 4_990_000))
        else { preconditionFailure("the workload makes no wrong bill") }
        return BillDraft(
            paymentCode: code, invoiceNumber: number, amount: amount,
            reusable: index % Self.reusableEvery == 0, customerName: "Anton Budiman",
            info: "Terima kasih")
    }

    /// Questions in a random order, one in twenty for a code without a bill.
    package func questions(_ count: Int) -> [Question] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let index = Int.random(in: 0..<billCount, using: &random)
            guard random.next() % Self.unknownEvery == 0 else {
                return Question(code: code(index), expectedStatus: 200)
            }
            return Question(code: code(billCount + index), expectedStatus: 404)
        }
    }

    /// A bijection on ten digits, so that no two bills meet.
    private func code(_ index: Int) -> String {
        let free = (index * 7_368_787 + 1_234_567_891) % 10_000_000_000
        let digits = String(free)
        return bin + String(repeating: "0", count: Self.freeDigits - digits.utf8.count) + digits
    }
}
