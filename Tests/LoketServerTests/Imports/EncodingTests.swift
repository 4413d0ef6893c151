// Encodings: what is no UTF-8 is refused at its line, and what nobody sees is made visible.

import Testing

struct EncodingTests {
    private static let encodings: [ImportCase] = [
        ImportCase(
            "UTF-16, little end first",
            bytes: utf16("\u{FEFF}" + head + ImportCase.row(1), \.littleEndian),
            report: """
                refused: 0 rows, 1 refused
                refused: is UTF-16 ("Unicode text"): save it as CSV UTF-8
                """),
        ImportCase(
            "UTF-16, big end first",
            bytes: utf16("\u{FEFF}" + head + ImportCase.row(1), \.bigEndian),
            report: """
                refused: 0 rows, 1 refused
                refused: is UTF-16 ("Unicode text"): save it as CSV UTF-8
                """),
        ImportCase(
            "UTF-16 without a mark",
            bytes: utf16(head + ImportCase.row(1), \.littleEndian),
            report: """
                refused: 0 rows, 1 refused
                1 refused: holds a NUL byte: UTF-16 or no text at all; save it as CSV UTF-8
                """),
        ImportCase(
            "Latin-1",
            bytes: named([0x52, 0x65, 0x6E, 0xE9]) + Array(ImportCase.row(2).utf8)
                + Array("88965100000003,INV-3,x,Anton\n".utf8),
            report: """
                refused: 3 rows, 1 new, 2 refused
                2 customer_name <Ren�> refused: is not UTF-8: save the file as CSV UTF-8
                4 amount <x> refused: is not an amount of digits alone, such as 150000
                """),
        ImportCase(
            "quotes of Windows-1252",
            bytes: named([0x93, 0x41, 0x94]),
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <�A�> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "UTF-8 that is cut off at the end",
            bytes: Array(named([0x52, 0x65, 0x6E, 0xC3]).dropLast()),
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <Ren�> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "UTF-8 in too many bytes",
            bytes: named([0xC0, 0xAF]),
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <��> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "half of a surrogate",
            bytes: named([0xED, 0xA0, 0x80]),
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <���> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "names of every kind",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Renée Ñuñez 王小明 🎉

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Renée Ñuñez 王小明 🎉"
                """),
        ImportCase(
            "Latin-1 in the header",
            bytes: Array("payment_code,pr".utf8) + [0xE9] + Array("nom\n".utf8),
            report: """
                refused: 0 rows, 1 refused
                1 <pr�nom> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "a NUL in a name",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,A\u{0}B

                """,
            report: """
                refused: 0 rows, 1 refused
                2 refused: holds a NUL byte: UTF-16 or no text at all; save it as CSV UTF-8
                """),
        ImportCase(
            "an ESC in a name",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,A\u{1B}[

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <A\\u{1B}[> refused: holds a control character: remove it
                """),
        ImportCase(
            "nothing to see in a name",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,\u{3000}

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <\\u{3000}> refused: holds nothing but spaces
                """),
        ImportCase(
            "64 characters and 65",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,\(String(repeating: "é", count: 64))
                88965100000002,INV-2,150000,\(String(repeating: "é", count: 64))é

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                3 customer_name \
                <ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\u{2026}> refused: \
                has 65 characters, 64 are the most that fit
                """),
    ]

    @Test(arguments: encodings)
    func `what is no UTF-8 is refused at its line`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let head = ImportCase.head

    private static func utf16(_ text: String, _ order: (UInt16) -> UInt16) -> [UInt8] {
        text.utf16.flatMap { unit in withUnsafeBytes(of: order(unit)) { Array($0) } }
    }

    /// A file whose name has these bytes.
    private static func named(_ name: [UInt8]) -> [UInt8] {
        Array((head + "88965100000001,INV-1,150000,").utf8) + name + [0x0A]
    }
}
