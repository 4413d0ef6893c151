// Differences between the service and the books, collected for one object and then thrown,
// because results after the first disagreement are meaningless.

struct ModelDisagreement: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The object compared with the books, and all its differences.
struct ModelComparison {
    private let subject: String
    private var faults: [String] = []

    init(_ subject: String) {
        self.subject = subject
    }

    mutating func expect<Value: Equatable>(_ what: String, _ given: Value, _ expected: Value) {
        if given != expected { faults.append("\(what) is \(given), the books say \(expected)") }
    }

    mutating func expect(_ what: String, _ isRight: Bool) {
        if !isRight { faults.append(what) }
    }

    func finish() throws {
        guard !faults.isEmpty else { return }
        throw ModelDisagreement("\(subject): " + faults.joined(separator: "; "))
    }
}
