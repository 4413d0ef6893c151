// Digits for codes that nobody may guess: every one of the ten, none more often than the others.

import LoketSystem
import Testing

struct RandomDigitsTests {
    @Test(arguments: [0, 1, 10, 20, 1000])
    func `as many digits come as were asked for`(count: Int) {
        let digits = randomDigits(count)
        #expect(digits.count == count)
        #expect(digits.allSatisfy { $0 <= 9 })
    }

    /// 100,000 draws: the expected 10,000 of each digit spread by 95; a byte modulo ten would make
    /// 0 to 5 come 1.5% too often, which is of the same size, so the bound is for broken code.
    @Test func `no digit is favoured`() {
        var counts = [Int](repeating: 0, count: 10)
        for digit in randomDigits(100_000) { counts[Int(digit)] += 1 }
        #expect(counts.allSatisfy { (9_300...10_700).contains($0) }, "\(counts)")
    }

    @Test func `two draws differ`() {
        #expect(randomDigits(40) != randomDigits(40))
    }
}
