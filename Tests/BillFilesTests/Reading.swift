// The result of reading a file: its rows as short texts, and the fault that ended it. Every file is
// read whole, byte by byte and in random chunks, with the same result.

import BillFiles
import LoketCore
import TestSupport
import Testing

struct Reading: Equatable, CustomStringConvertible {
    var rows: [String] = []
    var fault: FileFault?

    var description: String {
        (rows + [fault.map(Self.text)].compactMap(\.self)).joined(separator: "\n")
    }

    /// - Parameter cuts: sizes of the chunks; one last chunk has the rest.
    init(
        _ file: [UInt8], _ format: BillFileFormat = .csv, _ amounts: AmountFormat = .plain,
        cuts: some Sequence<Int> = []
    ) {
        self.init(file, FileOptions(format, amounts), cuts: cuts)
    }

    init(_ file: [UInt8], _ options: FileOptions, cuts: some Sequence<Int> = []) {
        var reader = BillFileReader(options)
        var rest = file[...]
        do {
            for cut in cuts where !rest.isEmpty {
                try reader.take(rest.prefix(cut)) { rows.append(Self.text($0)) }
                rest = rest.dropFirst(cut)
            }
            try reader.take(rest) { rows.append(Self.text($0)) }
            try reader.finish { rows.append(Self.text($0)) }
        } catch {
            fault = error as? FileFault
            if fault == nil { Issue.record("\(error) is not a FileFault") }
        }
    }

    init(rows: [String], fault: FileFault? = nil) {
        self.rows = rows
        self.fault = fault
    }

    /// Reads a file in several divisions into chunks, and expects the same result from each.
    static func sure(
        _ file: [UInt8], _ format: BillFileFormat = .csv, _ amounts: AmountFormat = .plain,
        seed: UInt64 = 1
    ) -> Reading {
        sure(file, FileOptions(format, amounts), seed: seed)
    }

    static func sure(_ file: [UInt8], _ options: FileOptions, seed: UInt64 = 1) -> Reading {
        let whole = Reading(file, options)
        let single = Reading(file, options, cuts: file.map { _ in 1 })
        #expect(single == whole, "byte by byte")
        var random = SeededRandom(seed: seed)
        for _ in 0..<5 {
            let cuts = file.map { _ in Int.random(in: 0...9, using: &random) }
            #expect(Reading(file, options, cuts: cuts) == whole, "\(cuts)")
        }
        return whole
    }

    static func sure(
        _ file: String, _ format: BillFileFormat = .csv, _ amounts: AmountFormat = .plain
    ) -> Reading {
        sure(Array(file.utf8), format, amounts)
    }

    /// `2: 8899 INV-1 150000 Anton`, followed by the optional fields; or `2: amount "1.500":
    /// reason`.
    static func text(_ row: ImportRow) -> String {
        switch row.reading {
        case .bill(let bill, _):
            let parts: [String?] = [
                bill.paymentCode.digits, bill.invoiceNumber.text, bill.amounts.text,
                bill.customerName, bill.reusable ? "reusable" : nil,
                bill.validFrom.map { "from \($0.utcMillisecondText)" },
                bill.expiresAt?.utcMillisecondText,
                bill.dueAt.map { "due \($0.utcMillisecondText)" },
                bill.customerEmail.map { "<\($0)>" }, bill.info.map { "(\($0))" }, bill.metadata,
            ]
            let changes = row.changes.map { "{\($0.option) \($0.column) \"\($0.value)\"}" }
            return "\(row.line): "
                + (parts.compactMap(\.self) + changes).joined(separator: " ")
        case .skipped(let text):
            return "\(row.line): skipped \"\(text)\""
        case .refused(let faults, _):
            return "\(row.line): " + faults.map(text).joined(separator: "; ")
        }
    }

    /// `file: reason`, with the known line, column and value before the colon.
    private static func text(_ fault: FileFault) -> String {
        let place = [
            fault.line.map { "line \($0)" }, fault.column, fault.value.map { "\"\($0)\"" },
        ]
        let known = place.compactMap(\.self)
        return (["file"] + known).joined(separator: " ") + ": " + fault.reason
    }

    private static func text(_ fault: RowFault) -> String {
        let place = [fault.column, fault.value.map { "\"\($0)\"" }].compactMap(\.self)
        return place.joined(separator: " ") + ": " + fault.reason
    }
}

extension FileOptions {
    init(_ format: BillFileFormat, _ amounts: AmountFormat = .plain) {
        self.init()
        self.format = format == .csv ? .csv : .ndjson
        amountFormat = amounts
    }

    /// - Parameter parameters: as in a query, such as `date_format=dmy`.
    init(_ parameters: String...) throws { try self.init(parameters) }

    init(_ parameters: [String], format: ImportFormat = .csv) throws {
        self.init()
        self.format = format
        var given: [String: [String]] = [:]
        for parameter in parameters {
            let halves = parameter.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            given[String(halves[0]), default: []].append(String(halves[1]))
        }
        try take(given)
    }
}

extension BillFileReader {
    init(format: BillFileFormat, amountFormat: AmountFormat) {
        self.init(FileOptions(format, amountFormat))
    }
}

/// The columns that every bill needs.
let header = "payment_code,invoice_number,amount,customer_name\n"
let wholeHeader = """
    payment_code,invoice_number,amount,amounts,reusable,valid_from,expires_at,due_at,\
    customer_name,customer_email,info

    """
