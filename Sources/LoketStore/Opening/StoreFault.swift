// The reasons why the database could not be opened or did not respond: one line each, with the
// remedy.

import LoketCore

package enum StoreFault: Error, Sendable, Equatable, CustomStringConvertible {
    case missingFolder(String)
    case missingFile(String)
    case readOnlyFile(String)
    /// The path is a folder, a pipe or a device.
    case notAFile(String)
    /// A file or folder lacks permissions.
    case forbidden(path: String, user: String, owner: String)
    case readOnlyFileSystem(String)
    /// The file system lacks locks or shared memory.
    case unfitFileSystem(String)
    case fullDisk(String)
    case failingDisk(path: String, said: String)
    /// Another program holds SQLite's own lock.
    case lockedByProgram(String)
    /// SQLite reads other data than we wrote.
    case damagedFile(path: String, said: String)
    case unusable(path: String, said: String)
    case notOurs(String)
    /// `by` is the version that wrote the database, if known.
    case newerVersion(String, by: String?)
    /// A write-ahead log exists without a database of ours.
    case strayLog(database: String)
    /// The mark shows that a database existed.
    case lostDatabase(String)
    /// The lock file is a symbolic link.
    case linkedLock(String)
    case lockedByAnother(path: String, process: String)
    /// SQLite reported an error, with this message.
    case sqlite(String)
    /// SQLite reported a failure of the disk or machine.
    case failing(String)
    /// The disk is full; the text contains the free space.
    case noRoom(String)
    /// A read was interrupted at its deadline.
    case tooLate
    /// A row's values or checksum are wrong.
    case damagedBill(id: Int64)
    case damagedPayment(id: Int64)
    /// A column has an invalid value; `row` is the row's number, if any.
    case damagedRow(table: String, row: Int64?)
    /// Too many writes wait for the disk, or the service is stopping.
    case overloaded

    package var description: String {
        switch self {
        case .missingFolder(let folder):
            "the folder \(folder) does not exist; create it: mkdir -p '\(folder)'"
        case .missingFile(let path):
            "there is no database at \(path); `loket serve` creates it"
        case .readOnlyFile(let path):
            "\(path) may not be written; fix it: chmod u+w '\(path)'"
        case .notAFile(let path):
            "\(path) is not a regular file but a folder, a pipe or a device; move it away, or name "
                + "another file"
        case .forbidden(let path, let user, let owner):
            user == owner
                ? "user \(user) is not permitted to use \(path), its own: chmod u+rwX '\(path)'"
                : "user \(user) is not permitted to use \(path), which belongs to \(owner): run "
                    + "this as \(owner), or give it to \(user): chown \(user) '\(path)'"
        case .readOnlyFileSystem(let path):
            "\(path) is on a file system that is mounted read-only: mount it writable (a volume of "
                + "a container without `:ro`), or name another file in the setting `database`"
        case .unfitFileSystem(let path):
            "the file system of \(path) lacks the locks or the shared memory that SQLite needs, as "
                + "many network shares do: name a file on a local disk in the setting `database`"
        case .fullDisk(let path):
            "the disk is full where \(path) is: free some space there (df -h '\(path)') and try "
                + "again; nothing that was acknowledged is lost"
        case .failingDisk(let path, let said):
            "the disk failed under \(path) (\(said)): look for the cause in the kernel's log "
                + "(dmesg) and try again; if the disk is lost, \(Self.wayBack(path))"
        case .lockedByProgram(let path):
            "another program has locked \(path): end it (`fuser -v '\(path)'` names it; often a "
                + "sqlite3 shell or a copying tool), and try again"
        case .damagedFile(let path, let said):
            "\(path) is damaged (\(said)): \(Self.wayBack(path))"
        case .unusable(let path, let said):
            "\(path) cannot be used (\(said)): remove that cause, or name another file in the "
                + "setting `database`"
        case .notOurs(let path):
            "\(path) is not a loket database; choose another path in the setting `database`"
        case .newerVersion(let path, let version):
            "\(path) was written by \(version.map { "loket \($0)" } ?? "a newer loket"), and this "
                + "one is \(loketVersion): install that version or a later one, or restore a copy "
                + "that an older one made"
        case .strayLog(let path):
            "\(path) is missing, empty or not loket's, but \(path)-wal may hold payments that were "
                + "acknowledged: put the database back beside it; if it is lost, move \(path)-wal "
                + "away too, keep it, and run `loket restore` with the latest backup"
        case .lostDatabase(let path):
            "\(path) is missing, empty or not loket's, but \(path).mark says that it had bills and "
                + "payments: put the database back, or move away what is there and run `loket "
                + "restore` with the latest backup; to begin with an empty database, move "
                + "\(path).mark away"
        case .linkedLock(let path):
            "\(path) is a symbolic link; the lock must be a file of its own: rm '\(path)'"
        case .lockedByAnother(let path, let process):
            "\(path) is in use by another loket (\(process)); stop it first"
        case .sqlite(let message), .failing(let message):
            "the database failed: \(message)"
        case .noRoom(let message):
            "\(message); make room there. Notifications are answered 503 until then, and DOKU sends "
                + "them again"
        case .tooLate:
            "the database did not answer in time"
        case .damagedBill(let id):
            "bill \(id) is damaged, its row does not match its checksum: "
                + damagedBillRemedy("\(id)")
        case .damagedPayment(let id):
            "payment \(id) is damaged, its row does not match its checksum: compare it with DOKU's "
                + "reports and restore a backup"
        case .damagedRow(let table, let row):
            "\(row.map { "row \($0)" } ?? "a row") of the table \(table) is damaged; run "
                + "`loket check` with the service stopped"
        case .overloaded:
            "the database takes no more writes now: too many wait, or it is being closed"
        }
    }

    package static func wayBack(_ path: String) -> String {
        "move \(path) and, if it is there, \(path)-wal away, keep both, and run `loket restore "
            + "FILE` with the latest backup"
    }
}
