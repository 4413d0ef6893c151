// The damaged payments in the file of payments, found while it is written: such a line has the word
// and the payment's id, and nothing in its other cells, not even a date.

import LoketStore

struct DamagedPayments {
    /// Longer than the line of a damaged payment, whose id has 19 digits at most.
    private static let lineBytesMax = 64
    /// The places of the cells among 16.
    private static let (status, paymentID) = (9, 13)

    private(set) var ids: [Int64] = []
    /// The first bytes of the line.
    private var line: [UInt8] = []
    private var isQuoted = false

    /// Reads the next bytes of the file, in chunks of any size.
    mutating func read(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted {
                endLine()
            } else if line.count <= Self.lineBytesMax {
                line.append(byte)
            }
        }
    }

    private mutating func endLine() {
        defer { line.removeAll(keepingCapacity: true) }
        guard let delimiter = line.first, ",;".utf8.contains(delimiter) else { return }
        let cells = line.split(separator: delimiter, omittingEmptySubsequences: false)
        guard cells.count > Self.paymentID, cells[..<Self.status].allSatisfy(\.isEmpty),
            cells[Self.status].elementsEqual("damaged".utf8),
            let id = Int64(String(decoding: cells[Self.paymentID], as: UTF8.self))
        else { return }
        ids.append(id)
    }

    /// - Throws: `Failure` 1 if a payment was damaged. All lines are written even so.
    func requireNone() throws {
        guard !ids.isEmpty else { return }
        throw Failure(
            .no, ids.map { "\(StoreFault.damagedPayment(id: $0))" }.joined(separator: "\n"))
    }
}
