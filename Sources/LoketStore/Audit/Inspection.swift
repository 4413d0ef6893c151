// All of a database, looked at without being written: every page, every bill, every notification.
// It takes as long as the database is large, so `loket check` and `restore` do it and a start does
// not: what a start looks at is in StartInspection.swift. It holds the lock meanwhile; but for the
// lock file it makes nothing.

import Foundation
import GRDB
import LoketCore

package struct Inspection: Sendable {
    /// How the schema differs from what the migrations make. Where it does, nothing else was looked
    /// at: no row could be trusted to have what is read from it.
    package let schema: [String]
    /// An earlier version wrote it: the next start brings its schema up to date, and only then can
    /// its ledger be derived again.
    package private(set) var isOfEarlierVersion = false
    /// Bills by state.
    package private(set) var bills: [Bill.State: Int] = [:]
    /// Rows that do not match their checksum.
    package private(set) var damagedBills: [Int64] = []
    /// What SQLite says of the file's structure; empty where it is sound.
    package private(set) var structure: [String] = []
    /// The ledger and everything that was derived from it.
    package private(set) var audit = LedgerAudit()
    /// Open bills whose code no longer has a length that its BIN allows.
    package private(set) var openWithWrongLength = 0
    /// Milliseconds by which our clock was ahead of DOKU's in the middle one of the latest
    /// inquiries; nil where there were none.
    package private(set) var medianSkewMilliseconds: Int64?

    private static let latestInquiries = 100

    /// - Parameters:
    ///   - path: an existing database that no service has open.
    ///   - bins: the BINs of each configured Client-Id.
    ///   - read: what a delivery of the ledger says.
    ///   - watch: receives how far it is.
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
            // What was not read does not agree with anything: the pages are the finding.
            if structure.isEmpty { structure = [error.message ?? "the file is malformed"] }
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

    private mutating func countBills(
        in database: Database, bins: [String: BINTable], _ watch: InspectionStage.Watch
    ) throws {
        let tables = Dictionary(
            uniqueKeysWithValues: try Store.accounts(in: database).map {
                ($0.id, bins[$0.clientID])
            })
        let rows = try Row.fetchCursor(
            database, sql: "SELECT \(BillRow.columns) FROM bill ORDER BY id")
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

/// How far the look at a whole database has come: it takes as long as the database is large, and
/// the caller waits for it.
package enum InspectionStage: Sendable, Equatable {
    /// SQLite looks at its pages, and does not say how far it is.
    case pages
    case bills(Int64, of: Int64)
    case notifications(Int64, of: Int64)

    package typealias Watch = (InspectionStage) -> Void

    /// Rows between two reports.
    static let step: Int64 = 10_000
}
