// Reads a whole database without writing it: every page, every bill, every notification. The
// duration grows with the database, so only `loket check` and `restore` run it, not a start;
// StartInspection.swift has the start's checks. An inspection holds the database's lock and creates
// no file except the lock file.

import Foundation
import GRDB
import LoketCore

package struct Inspection: Sendable {
    /// The differences between the schema and the migrations' schema. If there are any, nothing
    /// else is checked, because no row can be trusted to have the columns that are read.
    package let schema: [String]
    /// An earlier version wrote the database. The ledger can only be derived again after the next
    /// start has updated the schema.
    package private(set) var isOfEarlierVersion = false
    /// The bill counts by state.
    package private(set) var bills: [Bill.State: Int] = [:]
    /// The ids of bills that do not match their checksum.
    package private(set) var damagedBills: [Int64] = []
    /// SQLite's findings about the file's structure; empty if sound.
    package private(set) var structure: [String] = []
    /// The check of the ledger and of everything derived from it.
    package private(set) var audit = LedgerAudit()
    /// The number of open or held bills whose code has a length that its BIN no longer allows.
    package private(set) var openWithWrongLength = 0
    /// The median of the milliseconds by which the local clock was ahead of DOKU's in the latest
    /// inquiries; nil if there were no inquiries.
    package private(set) var medianSkewMilliseconds: Int64?

    private static let latestInquiries = 100

    /// - Parameters:
    ///   - path: an existing database that no service has open.
    ///   - bins: the BINs of each configured Client-Id.
    ///   - read: interprets a delivery of the ledger.
    ///   - watch: receives the progress.
    /// - Throws: `StoreFault.lockedByAnother` while a service runs.
    package init(
        path: String, bins: [String: BINTable], read: DeliveryReader,
        watch: InspectionStage.Watch = { _ in }
    ) throws(StoreFault) {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try Store.checkPlace(path)
        try DatabaseFile.check(path)
        guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path) }
        let lock = try LockFile(besideDatabase: path)
        defer { withExtendedLifetime(lock) {} }
        do {
            let queue = try DatabaseFile.openReadOnly(path)
            defer { try? queue.close() }
            self = try queue.read {
                try Inspection($0, bins: bins, read: read, watch: watch)
            }
        } catch {
            throw StoreFault(error, at: path) ?? .unusable(path: path, said: "\(error)")
        }
    }

    init(
        _ database: Database, bins: [String: BINTable], read: DeliveryReader,
        watch: InspectionStage.Watch = { _ in }
    ) throws {
        schema = try Schema.differences(in: database)
        guard schema.isEmpty else { return }
        watch(.pages)
        structure = try PageCheck.findings(in: database)
        do {
            try inspectRows(in: database, bins: bins, read: read, watch)
        } catch let fault as StoreFault {
            structure.append("\(fault)")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            // Rows that could not be read cannot be compared: the damaged pages are the finding.
            if structure.isEmpty { structure = [error.message ?? "the database file is malformed"] }
        }
    }

    private mutating func inspectRows(
        in database: Database, bins: [String: BINTable], read: DeliveryReader,
        _ watch: InspectionStage.Watch
    ) throws {
        try countBills(in: database, bins: bins, watch)
        isOfEarlierVersion = try !Migrations.migrator.hasCompletedMigrations(database)
        if !isOfEarlierVersion {
            audit = try LedgerAudit(database, read: read, watch: watch)
        }
        let skews = try database.integers(
            """
            SELECT skew_ms FROM inquiry WHERE typeof(skew_ms) = 'integer'
            ORDER BY id DESC LIMIT ?1
            """, [Self.latestInquiries]
        ).sorted()
        medianSkewMilliseconds = skews.isEmpty ? nil : skews[skews.count / 2]
    }

    /// Returns the columns of a bill. Those that an earlier version did not have are null.
    private static func billColumns(in database: Database) throws -> String {
        let known = Set(try database.columns(in: "bill").map(\.name))
        return BillRow.columns.split(separator: ", ").map { name in
            known.contains(String(name)) ? name : "NULL"
        }.joined(separator: ", ")
    }

    private mutating func countBills(
        in database: Database, bins: [String: BINTable], _ watch: InspectionStage.Watch
    ) throws {
        let tables = Dictionary(
            uniqueKeysWithValues: try Store.accounts(in: database).map {
                ($0.id, bins[$0.clientID])
            })
        let rows = try Row.fetchCursor(
            database, sql: "SELECT \(Self.billColumns(in: database)) FROM bill ORDER BY id")
        let newest = try Store.newestBill(in: database)
        var count: Int64 = 0
        while let row = try rows.next() {
            count += 1
            if count % InspectionStage.step == 0 { watch(.bills(count, of: newest)) }
            guard let (bill, accountID) = BillRow.sound(row) else {
                damagedBills.append(row.integer(0) ?? 0)
                continue
            }
            bills[bill.state, default: 0] += 1
            let bin = tables[accountID]?.flatMap { $0.bin(of: bill.paymentCode) }
            if bill.state.holdsCode, let bin, !bin.codeLength.contains(bill.paymentCode.length) {
                openWithWrongLength += 1
            }
        }
    }
}

/// The progress of an inspection, which takes time in proportion to the database's size while the
/// caller waits.
package enum InspectionStage: Sendable, Equatable {
    /// SQLite checks the pages and reports no progress.
    case pages
    case bills(Int64, of: Int64)
    case notifications(Int64, of: Int64)

    package typealias Watch = (InspectionStage) -> Void

    /// The number of rows between two reports.
    static let step: Int64 = 10_000
}
