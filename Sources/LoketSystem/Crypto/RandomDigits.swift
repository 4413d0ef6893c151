// Decimal digits that nobody can foretell, each as likely as the others.

/// - Returns: values from 0 to 9.
package func randomDigits(_ count: Int) -> [UInt8] {
    // 250 is the largest multiple of ten that a byte can tell; what is above would favour the
    // digits 0 to 5.
    var digits: [UInt8] = []
    digits.reserveCapacity(count)
    while digits.count < count {
        let fair = randomBytes(count - digits.count).lazy.filter { $0 < 250 }
        digits.append(contentsOf: fair.map { $0 % 10 })
    }
    return digits
}
