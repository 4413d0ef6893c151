// Delimiters, encodings and JSON arrays: how a file's bytes are divided into values.

import BillFiles
import Testing

struct FormOptionTests {
    @Test(arguments: delimiters + encodings + arrays)
    func `bytes are read as the options declare`(_ file: OptionCase) throws {
        try file.check()
    }

    private static let bill = "8899650001,INV-1,150000,José"
    private static let read = "8899650001 INV-1 150000 José"

    private static let delimiters: [OptionCase] = [
        OptionCase(
            "tabs", ["delimiter=tab"], "\(header)\(bill)\n".replacing(",", with: "\t"),
            "2: \(read)"),
        OptionCase(
            "vertical bars", ["delimiter=bar"],
            "\(header)\(bill)\n8899650002,INV-2,1,\"a,b\"\"~{}\"\n".replacing(",", with: "|"),
            "2: \(read)\n3: 8899650002 INV-2 1 a|b\"~{}"),
        OptionCase(
            "semicolons where commas are more frequent", ["delimiter=semicolon"],
            "payment_code;invoice_number;amount;customer_name;info\n8899650001;INV-1;1;A;a,b,c,d,e\n",
            "2: 8899650001 INV-1 1 A (a,b,c,d,e)"),
        OptionCase(
            "a declared line and the same option", ["delimiter=tab"],
            "sep=\t\n" + "\(header)\(bill)\n".replacing(",", with: "\t"), "3: \(read)"),
        OptionCase(
            "a declared line and another option", ["delimiter=tab"], "sep=;\n\(header)",
            """
            file line 1 "sep=;": the file declares another delimiter than delimiter=tab: remove \
            the line or the option
            """),
        OptionCase(
            "another delimiter than the file's", ["delimiter=semicolon"], "\(header)\(bill)\n",
            """
            file line 1 "payment_code,invoice_number,amount,customer_name": delimiter=semicolon \
            does not fit: the line has no semicolon, but commas: set delimiter=comma, or, if the \
            header is on a later line, set skip_lines to the number of lines before it
            """),
        OptionCase(
            "too many cells", ["delimiter=tab"],
            "\(header)\(bill),x\n".replacing(",", with: "\t"),
            """
            2: "8899650001\\tINV-1\\t150000\\tJosé\\tx": the row has 5 cells, but the header has 4: \
            put a value that contains a tab in quotes
            """),
    ]

    private static let encodings: [OptionCase] = [
        OptionCase(
            "Windows-1252", ["encoding=windows-1252"],
            bytes: Array("\(header)8899650001,INV-1,1,Ren".utf8) + [0xE9, 0x80, 0x93, 0x0A]
                + Array("8899650002,INV-2,1,A".utf8) + [0x81],
            """
            2: 8899650001 INV-1 1 René€“
            3: customer_name "A\\u{81}": \(Reason.control)
            """),
        OptionCase(
            "UTF-16 with a mark, little", ["encoding=utf-16"],
            bytes: utf16("\(header)\(bill) 🎉\r\n"), "2: \(read) 🎉"),
        OptionCase(
            "UTF-16 with a mark, big", ["encoding=utf-16"],
            bytes: utf16("\(header)\(bill) 🎉", isLittle: false), "2: \(read) 🎉"),
        OptionCase(
            "UTF-16 without a mark", ["encoding=utf-16be"],
            bytes: utf16("\(header)\(bill)", isLittle: false, hasMark: false), "2: \(read)"),
        OptionCase(
            "UTF-16, named and with a mark", ["encoding=utf-16le", "skip_lines=1"],
            bytes: utf16("Laporan\n\(header)\(bill)"), "3: \(read)"),
        OptionCase(
            "UTF-16 without the mark that it needs", ["encoding=utf-16"],
            bytes: utf16(header, hasMark: false),
            """
            file: has no byte order mark, which encoding=utf-16 needs: set encoding=utf-16le or \
            encoding=utf-16be
            """),
        OptionCase(
            "a mark of another encoding", ["encoding=windows-1252"], "\u{FEFF}\(header)",
            """
            file: begins with the byte order mark of utf-8, but the option is \
            encoding=windows-1252: remove the option, or set encoding=utf-8
            """),
        OptionCase(
            "half a character at the end", ["encoding=utf-16le"],
            bytes: utf16("\(header)\(bill)\n8899650002") + [0x31],
            "2: \(read)\nfile line 3: \(incomplete)"),
        OptionCase(
            "half a pair", ["encoding=utf-16le"],
            bytes: utf16("\(header)\(bill)\n") + [0x00, 0xD8, 0x41, 0x00],
            "2: \(read)\nfile line 3: \(incomplete)"),
        OptionCase(
            "JSON in UTF-16", ["encoding=utf-16"], format: .json,
            bytes: utf16("[\(object(1))]"), "1: 8899650001 INV-1 1 José"),
        OptionCase(
            "a workbook in spite of an encoding", ["encoding=windows-1252"],
            bytes: Array("PK\u{3}\u{4}".utf8), "file: \(Reason.xlsx)"),
    ]

    private static let incomplete =
        "is not UTF-16: a character is incomplete; remove the option encoding, or give the encoding "
        + "in which the file was saved"

    private static func object(_ number: Int, name: String = "José") -> String {
        """
        {"payment_code":"889965000\(number)","invoice_number":"INV-\(number)","amount":\(number),\
        "customer_name":"\(name)"}
        """
    }

    private static let arrays: [OptionCase] = [
        OptionCase(
            "an array in one line", [], format: .json, "[\(object(1)),\(object(2))]",
            "1: 8899650001 INV-1 1 José\n2: 8899650002 INV-2 2 José"),
        OptionCase(
            "an array over lines, with braces in strings", [], format: .json,
            "\u{FEFF}\n[\n  \(object(1, name: #"a}{\"]\\"#)) ,\n\n  \(object(2)) ]\n \n",
            "1: 8899650001 INV-1 1 a}{\"]\\\n2: 8899650002 INV-2 2 José"),
        OptionCase("an empty array", [], format: .json, " [ ] ", ""),
        OptionCase("no byte", [], format: .json, "", "file: the file is empty"),
        OptionCase("spaces alone", [], format: .json, " \n", "file: the file is empty"),
        OptionCase(
            "a wrong object", [], format: .json, "[\(object(1)),{\"a\":tru},\(object(3))]",
            """
            1: 8899650001 INV-1 1 José
            2: "{"a":tru}": is not strict JSON: unexpected byte at byte 8
            3: 8899650003 INV-3 3 José
            """),
        OptionCase(
            "lines of objects", [], format: .json, object(1),
            """
            file line 1: the file is not a JSON array: send [ before the first object and ] after \
            the last, or one object per line with format=ndjson
            """),
        OptionCase(
            "something else in the array", [], format: .json, "[\(object(1)), 5]",
            """
            1: 8899650001 INV-1 1 José
            file line 2 "5": the file is not a JSON array of bills: the array must contain objects \
            only
            """),
        OptionCase(
            "no comma", [], format: .json, "[\(object(1))\(object(2))]",
            """
            1: 8899650001 INV-1 1 José
            file line 1 "{": the file is not a JSON array of bills: a comma or ] must follow an \
            object
            """),
        OptionCase(
            "something after the array", [], format: .json, "[\(object(1))]x",
            """
            1: 8899650001 INV-1 1 José
            file line 1 "x": the file is not a JSON array of bills: nothing may follow the array
            """),
        OptionCase(
            "something after an empty array", [], format: .json, "[] x",
            """
            file "x": the file is not a JSON array of bills: nothing may follow the array
            """),
        OptionCase(
            "an array that does not end", [], format: .json, "[\(object(1))",
            """
            1: 8899650001 INV-1 1 José
            file: the file ends before the array does: send the whole file, with ] after the last \
            object
            """),
        OptionCase(
            "an object that does not end", [], format: .json, "[{\"a\":\"}",
            """
            file line 1 "{"a":"}": the file ends inside an object: send the whole file
            """),
    ]

    @Test func `an object longer than a row may be ends the reading`() {
        var options = FileOptions()
        options.format = .json
        let file = Array("[{\"a\":\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: 70_000)
        let reading = Reading(file, options, cuts: Array(repeating: 1_000, count: 70))
        #expect(
            reading.description == """
                file line 1: the object is longer than 64 KiB, or a quote or brace in it is never \
                closed
                """)
    }
}
