// The reception of a file: bytes are read as rows, and rows are stored in the stage. Memory holds
// only one chunk of the body, whatever the file's size.

import BillFiles
import Hummingbird
import LoketCore
import LoketStore
import NIOCore

struct ImportUpload {
    /// The totals of a file.
    struct Sum {
        var bytes: Int64 = 0
        /// Rows in the file, accepted and refused.
        var rows: Int64 = 0
        var refused: Int64 = 0
    }

    let store: Store
    let stage: ImportStage
    let placement: BillRules
    let clientID: String?
    private(set) var sum = Sum()
    private var reader: BillFileReader
    /// Whether the rest of the file can be parsed.
    private var isReadable = true

    init(
        store: Store, stage: ImportStage, placement: BillRules, clientID: String?,
        format: ImportRecord.Format, amountFormat: AmountFormat
    ) {
        self.store = store
        self.stage = stage
        self.placement = placement
        self.clientID = clientID
        reader = BillFileReader(
            format: format == .csv ? .csv : .ndjson, amountFormat: amountFormat)
    }

    static let tooLarge = Problem(
        .bodyTooLarge, "send at most \(Limits.importFileBytesMax >> 30) GiB: split the file")

    /// Reads a body to its end. If the file becomes unreadable, a note reports this and the
    /// remaining bytes are discarded.
    ///
    /// - Throws: `DiskRoom.Shortage`, among others.
    mutating func receive(_ body: RequestBody) async throws {
        try await withThrowingTaskGroup(of: Void.self) { storing in
            for try await chunk in body {
                sum.bytes += Int64(chunk.readableBytes)
                guard sum.bytes <= Limits.importFileBytesMax else { throw Self.tooLarge }
                guard isReadable else { continue }
                try await store.checkRoom(for: Int64(chunk.readableBytes))
                let batch = try read { reader, row in
                    try chunk.withUnsafeReadableBytes { try reader.take($0, row: row) }
                }
                try await store(batch, storing: &storing)
            }
            guard isReadable else { return try await storing.waitForAll() }
            let rest = try read { reader, row in try reader.finish(row: row) }
            try await store(rest, storing: &storing)
            try await storing.waitForAll()
        }
    }

    /// Stages a batch while the next chunk is read: one batch at a time, in order.
    private func store(
        _ batch: Batch, storing: inout ThrowingTaskGroup<Void, any Error>
    ) async throws {
        try await storing.next()
        storing.addTask { [stage] in try stage.add(batch.rows, notes: batch.notes) }
    }

    private typealias Read = (inout BillFileReader, (ImportRow) throws -> Void) throws -> Void

    private mutating func read(_ body: Read) throws -> Batch {
        var reader = reader
        var batch = Batch()
        do {
            try body(&reader) { batch.add($0, in: placement, clientID: clientID) }
        } catch let fault as FileFault {
            batch.refuse(fault)
            isReadable = false
        }
        self.reader = reader
        sum.rows += batch.count
        sum.refused += batch.refused
        return batch
    }
}

/// The rows of one chunk.
private struct Batch: Sendable {
    private(set) var rows: [StagedRow] = []
    private(set) var notes: [ImportNote] = []
    private(set) var count: Int64 = 0
    private(set) var refused: Int64 = 0

    mutating func add(_ row: ImportRow, in placement: BillRules, clientID: String?) {
        count += 1
        switch row.reading {
        case .bill(let draft, let given):
            let place = placement.place(of: draft, clientID: clientID)
            if let accountID = place.accountID, place.misfits.isEmpty {
                rows.append(
                    StagedRow(
                        line: Int64(row.line), accountID: accountID, draft: draft, given: given))
                return
            }
            let rest = ImportRow.Rest(
                code: draft.paymentCode, number: draft.invoiceNumber, amounts: draft.amounts,
                reusable: draft.reusable)
            refuse(
                row.line, rest.faults(place, in: placement), number: draft.invoiceNumber.text)
        case .refused(let faults, let rest):
            refuse(row.line, faults + rest.faults(in: placement, clientID: clientID), number: nil)
        }
    }

    private mutating func refuse(_ line: Int, _ faults: [RowFault], number: String?) {
        refused += 1
        for fault in faults {
            notes.append(
                ImportNote(
                    line: Int64(line), column: fault.column, value: fault.value,
                    outcome: .refused, invoiceNumber: number, reason: fault.reason))
        }
    }

    mutating func refuse(_ fault: FileFault) {
        refused += 1
        notes.append(
            ImportNote(
                line: fault.line.map(Int64.init), column: fault.column, value: fault.value,
                outcome: .refused, reason: fault.reason))
    }
}

extension ImportRow.Rest {
    /// Returns the faults of a row in addition to its unreadable fields.
    fileprivate func faults(in placement: BillRules, clientID: String?) -> [RowFault] {
        guard let code else { return [] }
        let terms = BillRules.Terms(amounts: amounts, number: number, reusable: reusable)
        return faults(placement.place(code, terms, clientID: clientID), in: placement)
    }

    fileprivate func faults(
        _ place: BillRules.Place, in placement: BillRules
    ) -> [RowFault] {
        place.misfits.map { misfit in
            RowFault(
                column: misfit.field, value: text(of: misfit.field),
                reason: misfit.detail + placement.lostZeros(in: code, at: misfit.field))
        }
    }

    /// Returns the value of a column that a `BillRuleViolation` may name.
    private func text(of column: String) -> String? {
        switch column {
        case "payment_code": code?.digits
        case "invoice_number": number?.text
        case "amount": amounts.map { "\($0.last)" }
        default: nil
        }
    }
}
