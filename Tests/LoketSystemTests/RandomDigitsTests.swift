// Random digits for codes that must not be guessable: all ten digits, equally often.

import LoketSystem
import Testing

struct RandomDigitsTests {
    @Test(arguments: [0, 1, 10, 20, 1000])
    func `the result has the requested number of digits`(count: Int) {
        let digits = randomDigits(count)
        #expect(digits.count == count)
        #expect(digits.allSatisfy { $0 <= 9 })
    }

    /// 100,000 draws: 10,000 are expected of each digit, with a standard deviation of 95. A byte
    /// modulo ten would return 0 to 5 only 1.5% too often, so the bounds find only broken code.
    @Test func `no digit is favoured`() {
        var counts = [Int](repeating: 0, count: 10)
        for digit in randomDigits(100_000) { counts[Int(digit)] += 1 }
        #expect(counts.allSatisfy { (9_300...10_700).contains($0) }, "\(counts)")
    }

    @Test func `two draws differ`() {
        #expect(randomDigits(40) != randomDigits(40))
    }
}
