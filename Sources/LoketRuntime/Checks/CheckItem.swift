// What is looked at before a service runs: the items of the one list that `loket serve` begins with
// and that `loket check` prints.

/// At most 25. A name is stable, and is shown as it is.
package enum CheckItem: String, CaseIterable, Sendable {
    // A start looks at these before it creates anything, and is refused for a problem with any of
    // them. None takes longer the more bills there are: ten million start as fast as none.

    /// The file, read whole.
    case settings
    case secrets
    /// BINs, and open bills that none of them answers any more.
    case bins
    /// Where inquiries and notifications arrive, and what is signed.
    case paths
    /// Files of secrets and bills that every user of the machine can read.
    case files
    /// The database's folder.
    case folder
    /// Room for a start; what is kept for notifications is `room`.
    case disk
    /// Its files and whose they are.
    case database
    /// Another process has the database.
    case lock
    /// Tables, indexes and triggers are as the migrations make them.
    case schema
    /// A key to the admin listener.
    case keys
    /// Its port.
    case gateway
    /// Its port.
    case admin
    /// The limit on open files.
    case openfiles
    /// Whether the kernel keeps the clock.
    case clock

    // `loket check` looks at these alone. Pages, bills and ledger take as long as the database is
    // large. With a problem of any of them a service starts and reports it by itself: it declines
    // for a damaged bill, starts paused where commits are missing, and records payments whatever is
    // damaged.

    /// A restored copy, and commits that are missing.
    case history
    /// Every page, index and value of the file, as SQLite checks them.
    case pages
    /// Every bill's checksum, and the length of its code.
    case bills
    /// Every notification, and every payment derived again.
    case ledger
    /// What is kept of the disk for notifications.
    case room
    /// The folder of the timer that makes backups.
    case backup
    /// The clock against DOKU's in the latest inquiries.
    case skew
    /// What a running service says of itself.
    case service
    /// A test of the alerts, where one is asked for.
    case alert
    /// What DOKU meets, where that is asked for; alone then.
    case publicURL = "public"

    package var isOfStart: Bool {
        switch self {
        case .settings, .secrets, .bins, .paths, .files, .folder, .disk, .database, .lock, .schema,
            .keys, .gateway, .admin, .openfiles, .clock:
            true
        case .history, .pages, .bills, .ledger, .room, .backup, .skew, .service, .alert,
            .publicURL:
            false
        }
    }
}
