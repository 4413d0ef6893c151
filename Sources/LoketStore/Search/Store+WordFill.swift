// Writes the words of the names of new bills, in the background and after every other write. A step
// reads the names of many bills and sorts their words, because neighbours in the table share pages.
// The words are then written in short transactions. The last of them advances the position, so that
// after a crash the step is done again.

import GRDB
import LoketCore
import LoketSystem

/// The words of the names of a range of bills, in the order of the table.
struct WordStep: Sendable {
    struct Entry: Sendable {
        let word: String
        let billID: Int64
    }

    /// The fill's position before the step, and the last bill of the step.
    let from: Int64
    let to: Int64
    let entries: [Entry]
    /// The newest entry of the history when the names were read.
    let horizon: Int64

    /// Returns nil if all bills are done, or the table is being emptied.
    init?(bills: Int, in database: Database) throws {
        let fill = try WordFill(in: database)
        guard !fill.clears else { return nil }
        horizon = try database.integer("SELECT coalesce(max(id), 0) FROM bill_change") ?? 0
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, customer_name FROM bill WHERE id > ?1 ORDER BY id LIMIT ?2",
            arguments: [fill.done, bills])
        var (last, entries) = (fill.done, [Entry]())
        while let row = try rows.next() {
            let stored = TableRow(row, of: "bill")
            last = try stored.value("id")
            // A damaged name has no words; the bill is reported elsewhere.
            guard let name: String = try? stored.value("customer_name") else { continue }
            let id = last
            entries += BillWords.words(of: name).map { Entry(word: $0, billID: id) }
        }
        guard last > fill.done else { return nil }
        (from, to) = (fill.done, last)
        self.entries = entries.sorted {
            ($0.word, $0.billID) < ($1.word, $1.billID)
        }
    }

    /// Returns the bills of the step whose names may have changed since they were read. Their words
    /// are taken from the present names at the end of the step.
    ///
    /// - Returns: nil if there are more changes than `max`: the names must be read again.
    func renamed(max: Int, in database: Database) throws -> Set<Int64>? {
        let bills = try database.integers(Self.renamedSQL, [horizon, from, to, max + 1])
        return bills.count > max ? nil : Set(bills)
    }

    /// `+` keeps SQLite from the index of the bills: few entries are newer than a step.
    static let renamedSQL = """
        SELECT bill_id FROM bill_change
        WHERE id > ?1 AND +bill_id > ?2 AND +bill_id <= ?3 AND change IN ('changed', 'forgotten')
        LIMIT ?4
        """
}

extension Store {
    /// What a call of `fillWords` came to.
    package enum WordsFilled: Sendable, Equatable {
        /// All bills are done.
        case complete
        /// More bills are left.
        case step
        /// An import is in progress, and the words wait for its end.
        case waits
    }

    /// Writes the words of the next bills.
    ///
    /// - Parameters:
    ///   - bills: the maximum number of bills.
    ///   - pause: called after each transaction with its duration.
    /// - Throws: `DiskRoom.Shortage` if the reserve of disk space would not stay free;
    ///   `CancellationError` from `pause`.
    package func fillWords(
        bills: Int = Limits.wordBillsAtOnce, pause: (Duration) async throws -> Void
    ) async throws -> WordsFilled {
        let (isBusy, fill, step) = try await BulkExecutor.run { [pool] in
            try pool.read { database in
                let isBusy = try WordStep.isImporting(in: database)
                return (
                    isBusy, try WordFill(in: database),
                    isBusy ? nil : try WordStep(bills: bills, in: database)
                )
            }
        }
        guard !isBusy else { return .waits }
        if fill.clears {
            try await clearWords(pause)
            return .step
        }
        guard let step else { return .complete }
        try await checkRoom(for: Int64(step.entries.count) * Limits.wordBytes)
        var next: Int? = 0
        while let place = next {
            let began = ContinuousClock.now
            next = try await commits.writeBehind { [commits] database in
                try step.write(from: place, in: database) { commits.isAwaited }
            }
            try await pause(ContinuousClock.now - began)
        }
        return .step
    }

    /// Empties the table before it is filled again, in short transactions, until an import begins.
    func clearWords(_ pause: (Duration) async throws -> Void) async throws {
        var isOver = false
        while !isOver {
            let began = ContinuousClock.now
            isOver = try await commits.writeBehind { [commits] database in
                guard try !WordStep.isImporting(in: database) else { return true }
                let began = ContinuousClock.now
                repeat {
                    if try BillWords.clear(Limits.wordsAtLeast, in: database) {
                        try WordFill.save(done: 0, in: database)
                        return true
                    }
                } while !commits.isAwaited && ContinuousClock.now - began < WordStep.time
                return false
            }
            try await pause(ContinuousClock.now - began)
        }
    }

    /// Makes the background delete all words and write them from the names again.
    package func rebuildWords() async throws {
        try await commits.write { try WordFill.save(done: 0, clears: true, in: $0) }
        wordSignal.ring()
    }
}

extension WordStep {
    static let time = Duration.milliseconds(Limits.wordWriteMilliseconds)

    /// An import would take longer by the time of these writes.
    static func isImporting(in database: Database) throws -> Bool {
        try database.integer("SELECT id FROM import WHERE state = 'running' LIMIT 1") != nil
    }

    /// Writes entries until the last, the time limit, or a caller that waits for the writer.
    ///
    /// - Parameter renamedMax: the number of changes of its bills after which the step is given up.
    /// - Returns: the place of the next entry; nil if the step is done, or is given up and must be
    ///   done again: an import runs, or the step is not valid any more.
    func write(
        from place: Int, in database: Database, renamedMax: Int = Limits.wordRenamedMax,
        unless isAwaited: () -> Bool
    ) throws -> Int? {
        let began = ContinuousClock.now
        let fill = try WordFill(in: database)
        guard fill.done == from, !fill.clears, try !Self.isImporting(in: database),
            let renamed = try renamed(max: renamedMax, in: database)
        else { return nil }
        let insert = try RawStatement(
            "INSERT INTO bill_word (word, bill_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            on: database.sqliteConnection)
        for index in place..<entries.count {
            let written = index - place
            if written > 0, written % Limits.wordsAtLeast == 0,
                isAwaited() || ContinuousClock.now - began > Self.time
            {
                return index
            }
            let entry = entries[index]
            guard !renamed.contains(entry.billID) else { continue }
            insert.bind(entry.word, at: 1)
            insert.bind(entry.billID, at: 2)
            _ = try insert.step()
            insert.reset()
        }
        for id in renamed {
            let name = try database.text("SELECT customer_name FROM bill WHERE id = ?1", [id])
            try BillWords.add(name.map(BillWords.words) ?? [], of: id, in: database)
        }
        try WordFill.save(done: to, in: database)
        return nil
    }
}
