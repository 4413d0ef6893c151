// Lists: aligned with headers on a terminal, tab-separated in a pipe, colour only where it is
// wanted.

import LoketJSON
import Testing

@testable import loket

struct TableTests {
    private func table(isTerminal: Bool, hasColour: Bool = false) -> Table {
        var table = Table(
            ["ID", .right("AMOUNT"), "NAME"], isTerminal: isTerminal, hasColour: hasColour)
        table.add(["#1", "Rp1.250.000", "Anton Budiman"])
        table.add([Table.Cell("#12", .red), "Rp500", Table.Cell("Siti\tRahayu\u{1B}[1m")])
        return table
    }

    @Test func `a terminal gets a header and aligned columns without spaces at the end`() {
        #expect(
            table(isTerminal: true).text == """
                ID        AMOUNT  NAME
                #1   Rp1.250.000  Anton Budiman
                #12        Rp500  Siti\\u{9}Rahayu\\u{1B}[1m
                """)
    }

    @Test func `a pipe gets cells with tabs between them, and no cell has one`() {
        #expect(
            table(isTerminal: false).text
                == "#1\tRp1.250.000\tAnton Budiman\n#12\tRp500\tSiti\\u{9}Rahayu\\u{1B}[1m")
    }

    @Test func `the page of a bill shows control characters escaped`() throws {
        let bill = try StrictJSON(
            Array(#"{"id":"1","metadata":{"a":"\#u{9B}2J"},"history":[]}"#.utf8)
        ).root
        let page = BillText.page(bill)
        #expect(page.contains(#"metadata  {"a":"\u{9B}2J"}"#), "\(page)")
        #expect(!page.unicodeScalars.contains("\u{9B}"))
    }

    @Test func `colour does not change the width of a column`() {
        let lines = table(isTerminal: true, hasColour: true).text.split(separator: "\n")
        #expect(lines[2].hasPrefix("\u{1B}[31m#12\u{1B}[0m        Rp500  "))
        #expect(lines[1].hasPrefix("#1   Rp1.250.000  "))
    }

    @Test func `accents and wide characters take the columns that they show`() {
        var table = Table(["NAME", "X"], isTerminal: true, hasColour: false)
        table.add(["Andre\u{301}", "1"])
        table.add(["陳大文", "2"])
        #expect(table.text == "NAME    X\nAndre\u{301}   1\n陳大文  2")
    }

    @Test func `a table without rows is empty`() {
        let table = Table(["ID"], isTerminal: true, hasColour: false)
        #expect(table.isEmpty && table.text.isEmpty)
    }

    @Test func `colour needs a terminal that shows it and no NO_COLOR`() {
        #expect(Screen.shows(colour: true, environment: [:]))
        #expect(Screen.shows(colour: true, environment: ["NO_COLOR": "", "TERM": "xterm"]))
        #expect(!Screen.shows(colour: true, environment: ["NO_COLOR": "1"]))
        #expect(!Screen.shows(colour: true, environment: ["TERM": "dumb"]))
        #expect(!Screen.shows(colour: false, environment: [:]))
    }
}
