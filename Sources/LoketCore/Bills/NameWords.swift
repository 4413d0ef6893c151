// The words of a customer's name, by whose beginnings a search finds its bills: without case and
// without the diacritics of Latin letters.

package enum NameWords {
    /// Returns the words of a name, each once, in their order. A word is a run of letters and
    /// digits; everything else separates words. `"PT. Maju-Jaya"` gives `pt`, `maju`, `jaya`, and
    /// `"Ñúñez"` gives `nunez`.
    package static func words(of name: String) -> [String] {
        var collector = WordCollector()
        for scalar in name.unicodeScalars { collector.take(scalar) }
        collector.endWord()
        return collector.words
    }

    /// Returns whether each beginning is the beginning of a word of the name.
    ///
    /// - Parameter beginnings: words as `words(of:)` returns them.
    package static func match(_ beginnings: [String], name: String) -> Bool {
        let words = words(of: name)
        return beginnings.allSatisfy { beginning in
            words.contains { $0.utf8.starts(with: beginning.utf8) }
        }
    }
}

private struct WordCollector {
    private(set) var words: [String] = []
    private var word: [UInt8] = []
    /// Whether the word's limit was reached: the rest of the word is left out.
    private var isFull = false

    mutating func take(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: add(CollectionOfOne(UInt8(scalar.value)))
        case 0x41...0x5A: add(CollectionOfOne(UInt8(scalar.value) | 0x20))
        case ..<0x80: endWord()
        case LatinFolding.combiningMarks where endsInLatin: break
        default:
            if let letters = LatinFolding.letters(for: scalar) {
                add(letters.utf8)
            } else if Self.isOfWord(scalar) {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    add(Array(String(lower).utf8))
                }
            } else {
                endWord()
            }
        }
    }

    mutating func endWord() {
        defer {
            word = []
            isFull = false
        }
        guard !word.isEmpty, words.count < Limits.nameWordsMax else { return }
        let text = String(decoding: word, as: UTF8.self)
        // Equal bytes: Swift considers some different texts equal.
        if !words.contains(where: { $0.utf8.elementsEqual(word) }) { words.append(text) }
    }

    /// Adds the bytes of whole scalars.
    private mutating func add(_ bytes: some Collection<UInt8>) {
        guard !isFull, word.count + bytes.count <= Limits.nameWordBytesMax else {
            isFull = true
            return
        }
        word.append(contentsOf: bytes)
    }

    private var endsInLatin: Bool { word.last.map { (0x61...0x7A).contains($0) } ?? false }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }
}
