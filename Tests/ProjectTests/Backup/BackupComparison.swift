// Compares a restored database with the original, table by table and row by row, in a program
// that uses only SQLite and none of our code.

import Foundation
import LoketJSON

struct BackupComparison {
    /// Errors in the restored database.
    let problems: [String]
    let bills: Set<String>
    let payments: Set<String>
    let inquiries: Set<String>

    /// Both are closed. A table's rows must be the first of the original's, byte for byte, except
    /// for the rows that a restore writes and for bills that were paid after the copy.
    init(original: String, restored: String, _ site: Site) async throws {
        let outcome = try await site.run(
            ["-c", Self.program, original, restored], program: "python3")
        guard outcome.code == 0 else {
            throw Project.Missing(description: "python3: \(outcome)")
        }
        let text = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let root = try StrictJSON(Array(text.utf8)).root
        func texts(_ name: StaticString) -> [String] {
            (root[name]?.elements ?? []).compactMap(\.string)
        }
        problems = texts("problems")
        bills = Set(texts("bills"))
        payments = Set(texts("payments"))
        inquiries = Set(texts("inquiries"))
    }

    private static let program = """
        import json, sqlite3, sys
        original, restored = (sqlite3.connect(path) for path in sys.argv[1:3])
        problems = []
        # `loket check` compares the words of names with the bills.
        def tables(database):
            return [name for name, in database.execute(
                "SELECT name FROM sqlite_schema "
                "WHERE type = 'table' AND name NOT LIKE 'bill_word%'")]
        def schema(database):
            return sorted(database.execute("SELECT type, name, sql FROM sqlite_schema"), key=repr)
        def rows(database, table):
            cursor = database.execute(f"SELECT rowid, * FROM {table}")
            names = [column[0] for column in cursor.description]
            return {row[0]: dict(zip(names[1:], row[1:])) for row in cursor}
        if schema(original) != schema(restored):
            problems.append("the schemas differ")
        last = restored.execute("SELECT ifnull(max(id), 0) FROM delivery").fetchone()[0]
        paid_behind = {bill for bill, in original.execute(
            "SELECT bill_id FROM payment WHERE delivery_id > ?", (last,))}
        written_by_restore = {"epoch": 1, "pause": 1, "pause_change": 1, "restoration": 1}
        for table in tables(original):
            before, kept = rows(original, table), rows(restored, table)
            more = [id for id in kept if id not in before]
            if len(more) != written_by_restore.get(table, 0):
                problems.append(f"{table} has rows that nobody wrote: {more[:5]}")
            end = max([id for id in kept if id in before], default=0)
            gaps = [id for id in before if id < end and id not in kept]
            if gaps:
                problems.append(f"{table} lacks {gaps[:5]}")
            for id in kept:
                if id not in before or kept[id] == before[id]:
                    continue
                ours, theirs = kept[id], before[id]
                if table == "bill" and ours["state"] == "open" and id in paid_behind:
                    changing = ("state", "changed_at", "checksum", "record_checksum")
                    if all(ours[n] == theirs[n] for n in ours if n not in changing):
                        continue
                if table == "hour_sum" and ours["count"] < theirs["count"]:
                    continue
                if table == "admin_key" and ours["hash"] == theirs["hash"]:
                    continue
                problems.append(f"{table} {id} differs: {ours} {theirs}"[:300])
        # In the transactions of what they count.
        for kind, table in (("asked", "inquiry"), ("paid", "payment")):
            (sum,), (count,) = (restored.execute(sql).fetchone() for sql in (
                f"SELECT ifnull(sum(count), 0) FROM hour_sum WHERE kind = '{kind}'",
                f"SELECT count(*) FROM {table}"))
            if sum != count:
                problems.append(f"{sum} {kind} by hour, {count} in {table}")
        def column(sql):
            return [value for value, in restored.execute(sql)]
        print(json.dumps({
            "problems": problems,
            "bills": column("SELECT invoice_number FROM bill"),
            "payments": column("SELECT invoice_number FROM payment"),
            "inquiries": column("SELECT request_id FROM inquiry"),
        }))
        """
}
