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

    /// Whether a row is damaged, which does not end by itself.
    package var isDamage: Bool {
        switch self {
        case .damagedBill, .damagedPayment, .damagedRow: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .missingFolder(let folder):
            "the folder \(folder) does not exist; create it: mkdir -p '\(folder)'"
        case .missingFile(let path):
            "there is no database at \(path); `loket serve` creates it"
        case .readOnlyFile(let path):
            "the file \(path) is read-only; make it writable: chmod u+w '\(path)'"
        case .notAFile(let path):
            "\(path) is not a regular file but a folder, a pipe or a device; move it away, or name "
                + "another file in the setting `database`"
        case .forbidden(let path, let user, let owner):
            user == owner
                ? "user \(user) is not permitted to use \(path), although it belongs to this user: "
                    + "chmod u+rwX '\(path)'"
                : "user \(user) is not permitted to use \(path), which belongs to \(owner): run "
                    + "loket as \(owner), or change the owner: chown \(user) '\(path)'"
        case .readOnlyFileSystem(let path):
            "\(path) is on a file system that is mounted read-only: mount it writable, or name "
                + "another file in the setting `database` (for a container, mount the volume "
                + "without `:ro`)"
        case .unfitFileSystem(let path):
            "the file system of \(path) lacks the locks or the shared memory that SQLite needs, as "
                + "many network shares do: name a file on a local disk in the setting `database`"
        case .fullDisk(let path):
            "the disk of \(path) is full: free some space on it (df -h '\(path)' shows it) and "
                + "try again. No acknowledged payment is lost"
        case .failingDisk(let path, let said):
            "the disk failed while loket used \(path) (\(said)): find the cause in the kernel's "
                + "log (dmesg) and try again. If the disk is lost, \(Self.wayBack(path))"
        case .lockedByProgram(let path):
            "another program has locked \(path), often a sqlite3 shell or a copying tool: find "
                + "it with `fuser -v '\(path)'`, end it and try again"
        case .damagedFile(let path, let said):
            "\(path) is damaged (\(said)): \(Self.wayBack(path))"
        case .unusable(let path, let said):
            "\(path) cannot be used (\(said)): remove the cause, or name another file in the "
                + "setting `database`"
        case .notOurs(let path):
            "\(path) is not a loket database; name another file in the setting `database`"
        case .newerVersion(let path, let version):
            "\(path) was written by \(version.map { "loket \($0)" } ?? "a newer loket"), but this "
                + "is loket \(loketVersion): install the newer version, or restore a backup that "
                + "was taken before the update"
        case .strayLog(let path):
            "\(path) is missing, empty or not a loket database, but \(path)-wal may contain "
                + "acknowledged payments: put the database file back. If the database is lost, "
                + "move \(path)-wal away, keep it, and run `loket restore` with the latest backup"
        case .lostDatabase(let path):
            "\(path) is missing, empty or not a loket database, but \(path).mark shows that it "
                + "contained bills and payments: put the database file back, or move \(path) away "
                + "and run `loket restore` with the latest backup. To start with an empty "
                + "database, move \(path).mark away"
        case .linkedLock(let path):
            "\(path) is a symbolic link, but the lock file must be a regular file; remove the "
                + "link: rm '\(path)'"
        case .lockedByAnother(let path, let process):
            "\(path) is in use by another loket (\(process)); stop the other loket first"
        case .sqlite(let message), .failing(let message):
            "the database failed: \(message)"
        case .noRoom(let message):
            "\(message); free some space there. Until then, notifications are answered 503, and "
                + "DOKU sends them again"
        case .tooLate:
            "the database did not answer in time"
        case .damagedBill(let id):
            "bill \(id) is damaged and does not match its checksum: "
                + damagedBillRemedy("\(id)")
        case .damagedPayment(let id):
            "payment \(id) is damaged and does not match its checksum: compare it with DOKU's "
                + "reports, and restore the latest backup with `loket restore`"
        case .damagedRow(let table, let row):
            "\(row.map { "row \($0)" } ?? "a row") of the table \(table) is damaged; stop "
                + "the service and run `loket check`"
        case .overloaded:
            "the database accepts no more writes now: too many writes are waiting, or the service "
                + "is stopping"
        }
    }

    package static func wayBack(_ path: String) -> String {
        "move \(path) away, and \(path)-wal too if it exists, keep both files, and run `loket "
            + "restore FILE` with the latest backup"
    }
}
