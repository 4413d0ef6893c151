// Files that cannot be read: of another kind, empty, not UTF-8, or with an unclosed quote.

import Testing

struct FileFaultTests {
    @Test(arguments: cases)
    func `a file that cannot be read is refused with the reason`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "no byte", "",
            "file: the file is empty"),
        FileCase(
            "a byte order mark alone", latin1: "\u{EF}\u{BB}\u{BF}",
            "file: the file is empty"),
        FileCase(
            "blank lines alone", "\n\r\n \n",
            "file: the file is empty"),
        FileCase(
            "sep= alone", "sep=;\n",
            "file: the file is empty"),
        FileCase(
            "no byte, NDJSON", "", format: .ndjson,
            "file: the file is empty"),
        FileCase(
            "blank lines alone, NDJSON", "\n \n\r\n", format: .ndjson,
            "file: the file is empty"),
        FileCase(
            "xlsx", latin1: "PK\u{3}\u{4}\u{14}\u{0}\u{6}\u{0}[Content_Types].xml",
            "file: \(Reason.xlsx)"),
        FileCase(
            "xls", latin1: "\u{D0}\u{CF}\u{11}\u{E0}\u{A1}\u{B1}\u{1A}\u{E1}",
            "file: is an old Excel workbook (.xls): save it as CSV UTF-8"),
        FileCase(
            "PDF", "%PDF-1.7\n",
            "file: is a PDF: send the data as a CSV file"),
        FileCase(
            "gzip", latin1: "\u{1F}\u{8B}\u{8}\u{0}",
            "file: is compressed with gzip: send the uncompressed file"),
        FileCase(
            "xlsx as NDJSON", "PK\u{3}\u{4}", format: .ndjson,
            "file: \(Reason.xlsx)"),
        FileCase(
            "UTF-16 little",
            latin1: """
                \u{FF}\u{FE}p\u{0}a\u{0}y\u{0}m\u{0}e\u{0}n\u{0}t\u{0}_\u{0}c\u{0}o\u{0}d\u{0}\
                e\u{0},\u{0}i\u{0}n\u{0}v\u{0}o\u{0}i\u{0}c\u{0}e\u{0}_\u{0}n\u{0}u\u{0}m\u{0}\
                b\u{0}e\u{0}r\u{0},\u{0}a\u{0}m\u{0}o\u{0}u\u{0}n\u{0}t\u{0},\
                \u{0}c\u{0}u\u{0}s\u{0}t\u{0}o\u{0}m\u{0}e\u{0}r\u{0}_\u{0}n\u{0}a\u{0}m\u{0}e\u{0}
                \u{0}
                """,
            "file: \(Reason.utf16)"),
        FileCase(
            "UTF-16 big",
            latin1: """
                \u{FE}\u{FF}\u{0}p\u{0}a\u{0}y\u{0}m\u{0}e\u{0}n\u{0}t\u{0}_\u{0}c\u{0}o\u{0}d\
                \u{0}e\u{0},\
                \u{0}i\u{0}n\u{0}v\u{0}o\u{0}i\u{0}c\u{0}e\u{0}_\u{0}n\u{0}u\u{0}m\u{0}b\u{0}e\
                \u{0}r\u{0},\u{0}a\u{0}m\u{0}o\u{0}u\u{0}n\u{0}t\u{0},\
                \u{0}c\u{0}u\u{0}s\u{0}t\u{0}o\u{0}m\u{0}e\u{0}r\u{0}_\u{0}n\u{0}a\u{0}m\u{0}e\u{0}

                """,
            "file: \(Reason.utf16)"),
        FileCase(
            "UTF-16 without a mark",
            latin1: """
                p\u{0}a\u{0}y\u{0}m\u{0}e\u{0}n\u{0}t\u{0}_\u{0}c\u{0}o\u{0}d\u{0}e\u{0},\
                \u{0}i\u{0}n\u{0}v\u{0}o\u{0}i\u{0}c\u{0}e\u{0}_\u{0}n\u{0}u\u{0}m\u{0}b\u{0}e\
                \u{0}r\u{0},\u{0}a\u{0}m\u{0}o\u{0}u\u{0}n\u{0}t\u{0},\
                \u{0}c\u{0}u\u{0}s\u{0}t\u{0}o\u{0}m\u{0}e\u{0}r\u{0}_\u{0}n\u{0}a\u{0}m\u{0}e\u{0}
                \u{0}
                """,
            "file line 1: \(Reason.nul)"),
        FileCase(
            "a NUL in a row", latin1: "\(header)8899650001,INV-1,150000,An\u{0}ton\n",
            "file line 2: \(Reason.nul)"),
        FileCase(
            "a NUL in quotes", latin1: "\(header)8899650001,INV-1,150000,\"An\n\u{0}ton\"\n",
            "file line 3: \(Reason.nul)"),
        FileCase(
            "a NUL in NDJSON", latin1: "{\"payment_code\":\"1\"}\n{\"\u{0}\"}\n", format: .ndjson,
            """
            1: invoice_number: \(Reason.missing); amount: \(Reason.missing); customer_name: \
            \(Reason.missing)
            file line 2: \(Reason.nul)
            """),
        FileCase(
            "HTML", "<html><table>",
            "file line 1: the file is HTML or XML: save it as CSV UTF-8"),
        FileCase(
            "JSON as CSV", "{\"payment_code\":\"1\"}\n",
            "file line 1: the file is JSON, not CSV: send one object per line with format=ndjson"),
        FileCase(
            "a JSON array as CSV", "[{\"payment_code\":\"1\"}]",
            "file line 1: \(Reason.array)"),
        FileCase(
            "a JSON array", "[\n{\"payment_code\":\"1\"}\n]", format: .ndjson,
            "file line 1: \(Reason.array)"),
        FileCase(
            "CSV as NDJSON", "\(header)8899650001,INV-1,150000,Anton\n", format: .ndjson,
            """
            file line 1 "payment_code,invoice_number,amount,customer_name": is not a JSON object: \
            send one object per line, or use format=csv
            """),
        FileCase(
            "Windows-1252",
            latin1: "\(header)8899650001,INV-1,150000,Anton\n8899650002,INV-2,150000,Jos\u{E9}\n",
            """
            2: 8899650001 INV-1 150000 Anton
            3: customer_name "Jos�": \(Reason.noUTF8)
            """),
        FileCase(
            "half a character at the end of a cell",
            latin1: "\(wholeHeader)8899650001,INV-1,1,,,,,,Anton\u{C3},\u{A9}@b.id,\n",
            """
            2: customer_name "Anton�": \(Reason.noUTF8); customer_email "�@b.id": \(Reason.noUTF8)
            """),
        FileCase(
            "half a character at the end of the file",
            latin1: "\(header)8899650001,INV-1,1,Ren\u{C3}",
            "2: customer_name \"Ren�\": \(Reason.noUTF8)"),
        FileCase(
            "an overlong form", latin1: "\(header)8899650001,INV-1,1,A\u{C0}\u{AF}B\n",
            "2: customer_name \"A��B\": \(Reason.noUTF8)"),
        FileCase(
            "a surrogate", latin1: "\(header)8899650001,INV-1,1,A\u{ED}\u{A0}\u{80}B\n",
            "2: customer_name \"A���B\": \(Reason.noUTF8)"),
        FileCase(
            "NDJSON that is not UTF-8", latin1: "{\"payment_code\":\"1\"}\n{\"info\":\"\u{E9}\"}\n",
            format: .ndjson,
            """
            1: invoice_number: \(Reason.missing); amount: \(Reason.missing); customer_name: \
            \(Reason.missing)
            2: "{"info":"�"}": \(Reason.noUTF8)
            """),
        FileCase(
            "an unclosed quote",
            """
            \(header)8899650001,INV-1,150000,Anton
            8899650002,INV-2,1,"Budi
            8899650003,INV-3,1,Citra

            """,
            """
            2: 8899650001 INV-1 150000 Anton
            file line 3: the quote opened on line 3 \(Reason.neverClosed)
            """),
        FileCase(
            "an unclosed empty quote", "\(header)8899650001,INV-1,1,\"",
            "file line 2: the quote opened on line 2 \(Reason.neverClosed)"),
    ]
}
