// The plain letters of Latin letters with diacritics. LoketCore imports nothing, and the standard
// library does not decompose letters, so the letters are in a table.

enum LatinFolding {
    /// The scalars of diacritics that follow their letter.
    static let combiningMarks: ClosedRange<UInt32> = 0x300...0x36F

    /// Returns the plain lower-case letters of a Latin letter beyond ASCII; nil for any other
    /// scalar, and for a letter that has none.
    static func letters(for scalar: Unicode.Scalar) -> String? {
        for block in blocks {
            let (place, overflow) = scalar.value.subtractingReportingOverflow(block.first)
            guard !overflow, place < block.letters.count else { continue }
            let letter = block.letters[Int(place)]
            guard letter == UInt8(ascii: ".") else { return String(UnicodeScalar(letter)) }
            return pairs[scalar]
        }
        return nil
    }

    /// Consecutive scalars from `first`; a dot for a scalar without one plain letter.
    private struct Block {
        let first: UInt32
        let letters: [UInt8]

        init(_ first: UInt32, _ letters: String) {
            self.first = first
            self.letters = Array(letters.utf8)
        }
    }

    private static let blocks = [
        Block(
            0xC0,
            """
            aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y\
            aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll.\
            .llnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs\
            bbbb...ccdddd....ffg...ikkl..nn.oo..pp.....ttttuu.vyyzz.........\
            .............aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa..oo\
            aaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylnt......l..\
            ...b............
            """),
        Block(
            0x1E00,
            """
            aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
            mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
            wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
            eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......
            """),
    ]

    private static let pairs: [Unicode.Scalar: String] = [
        "Æ": "ae", "æ": "ae", "Ǣ": "ae", "ǣ": "ae", "Ǽ": "ae", "ǽ": "ae", "Œ": "oe", "œ": "oe",
        "ß": "ss", "ẞ": "ss", "Þ": "th", "þ": "th", "Ĳ": "ij", "ĳ": "ij", "Ǆ": "dz", "ǅ": "dz",
        "ǆ": "dz", "Ǳ": "dz", "ǲ": "dz", "ǳ": "dz", "Ǉ": "lj", "ǈ": "lj", "ǉ": "lj", "Ǌ": "nj",
        "ǋ": "nj", "ǌ": "nj",
    ]
}
