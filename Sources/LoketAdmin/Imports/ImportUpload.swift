// The reception of a file: bytes are read as rows, and rows are stored in the stage. Memory holds
// only one chunk of the body, whatever the file's size.

import BillFiles
import Foundation
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
    private let options: FileOptions
    private var cleaned = CleanedValues()
    private var bad = BadRows()
    /// Whether the rest of the file can be parsed.
    private var isReadable = true

    init(
        store: Store, stage: ImportStage, placement: BillRules, clientID: String?,
        options: FileOptions
    ) {
        self.store = store
        self.stage = stage
        self.placement = placement
        self.clientID = clientID
        self.options = options
        reader = BillFileReader(options)
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
            var rest = ImportUploadBatch()
            if isReadable { rest = try read { reader, row in try reader.finish(row: row) } }
            rest.add(cleaned.notes)
            try await store(rest, storing: &storing)
            try await storing.waitForAll()
        }
    }

    /// Stages a batch while the next chunk is read: one batch at a time, in order.
    private func store(
        _ batch: ImportUploadBatch, storing: inout ThrowingTaskGroup<Void, any Error>
    ) async throws {
        try await storing.next()
        storing.addTask { [stage] in
            try stage.add(batch.rows, notes: batch.notes, badRows: batch.badRows)
        }
    }

    private typealias Read = (inout BillFileReader, (ImportRow) throws -> Void) throws -> Void

    private mutating func read(_ body: Read) throws -> ImportUploadBatch {
        var reader = reader
        var batch = ImportUploadBatch()
        do {
            try body(&reader) { row in
                guard batch.add(row, in: placement, clientID: clientID) else { return }
                for change in row.changes { cleaned.add(change, line: row.line) }
            }
        } catch let fault as FileFault {
            batch.refuse(fault)
            isReadable = false
        }
        self.reader = reader
        batch.badRows = bad.kept(of: batch.unfit, reader.header, options)
        sum.rows += batch.count
        sum.refused += batch.refused
        return batch
    }
}
