// The standard workload: the bills, and the order in which their codes are looked up. It depends
// only on the number of bills and a seed.

import DokuSimulator
import LoketCore

struct Workload: Sendable {
    /// The code of an inquiry and the expected HTTP status.
    struct Question: Sendable {
        let code: String
        let expectedStatus: Int
        /// The index of the bill; nil if there is none, or if it is not known.
        var bill: Int?
    }

    let billCount: Int
    private let bin: String
    private let seed: UInt64
    private let numberPrefix: String
    private let isSingleUse: Bool

    /// One bill out of this number is reusable, so that its answer needs a new invoice number.
    private static let reusableEvery = 20
    /// One question out of this number is for a code without a bill.
    private static let unknownEvery: UInt64 = 20
    private static let freeDigits = 10

    /// - Parameters:
    ///   - bin: A BIN of 6 digits, so that a code has 16.
    ///   - numberPrefix: The prefix of the invoice numbers.
    ///   - isSingleUse: Whether no bill is reusable.
    init(
        billCount: Int, bin: String, seed: UInt64 = 1, numberPrefix: String = "INV-2026-",
        isSingleUse: Bool = false
    ) {
        self.numberPrefix = numberPrefix
        self.isSingleUse = isSingleUse
        self.billCount = billCount
        self.bin = bin
        self.seed = seed
    }

    /// Returns the bill with this index. The codes are scattered over their whole range.
    func draft(_ index: Int) -> BillDraft {
        guard let code = PaymentCode(code(index)),
            let number = InvoiceNumber("\(numberPrefix)\(index)"),
            let amount = Rupiah(whole: Int64(10_000 + index % 4_990_000))
        else { preconditionFailure("the workload makes no wrong bill") }
        return BillDraft(
            paymentCode: code, invoiceNumber: number, amounts: DatedAmounts(amount),
            reusable: !isSingleUse && index % Self.reusableEvery == 0,
            customerName: "Anton Budiman",
            info: "Terima kasih")
    }

    var drafts: [BillDraft] { (0..<billCount).map(draft) }

    /// Returns questions in random order; one out of twenty is for a code without a bill.
    func questions(_ count: Int) -> [Question] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let index = Int.random(in: 0..<billCount, using: &random)
            guard random.next() % Self.unknownEvery == 0 else {
                return Question(code: code(index), expectedStatus: 200, bill: index)
            }
            return Question(code: code(billCount + index), expectedStatus: 404)
        }
    }

    /// Maps indexes to different codes, by a bijection on ten digits.
    private func code(_ index: Int) -> String {
        let free = (index * 7_368_787 + 1_234_567_891) % 10_000_000_000
        let digits = String(free)
        return bin + String(repeating: "0", count: Self.freeDigits - digits.utf8.count) + digits
    }
}
