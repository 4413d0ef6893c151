// DOKU's words for the outcome of a transaction (`transaction.status`).

package enum TransactionStatus: String, CaseIterable, Hashable, Sendable {
    case success = "SUCCESS"
    case pending = "PENDING"
    case expired = "EXPIRED"
    /// Not listed for O2O; used by DOKU's other services.
    case failed = "FAILED"

    /// Returns nil for a word that DOKU does not document. Ignores case and the white space around
    /// the word.
    package init?(word text: String) {
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        var word = text.utf8.drop(while: isSpace)
        while let last = word.last, isSpace(last) { word.removeLast() }
        let upper = word.map { 0x61...0x7A ~= $0 ? $0 - 0x20 : $0 }
        self.init(rawValue: String(decoding: upper, as: UTF8.self))
    }
}
