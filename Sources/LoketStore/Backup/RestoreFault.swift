// The reasons why a copy is not restored, each with its subject.

package enum RestoreFault: Error, Sendable, CustomStringConvertible {
    case occupied(String)
    case noCopy(String)
    case notOurs(String)
    /// A journal next to the copy contains commits that the copy lacks.
    case notWhole(copy: String, journal: String)
    case damaged(copy: String, [String])
    /// The SHA-256 differs from the requested SHA-256.
    case otherDigest(copy: String, found: String, wanted: String)

    package var description: String {
        switch self {
        case .occupied(let path):
            "\(path) exists, and a restore overwrites nothing: move it away, or name another "
                + "file in the setting `database`"
        case .noCopy(let path):
            "there is no file \(path)"
        case .notOurs(let path):
            "\(path) is no backup of a loket database"
        case .notWhole(let copy, let journal):
            "\(copy) is a database in use or one that crashed, for \(journal) lies beside it; "
                + "take a backup with `loket backup`"
        case .damaged(let copy, let problems):
            "\(copy) is damaged, and was not restored; take another backup:\n"
                + problems.map { "  " + $0 }.joined(separator: "\n")
        case .otherDigest(let copy, let found, let wanted):
            "\(copy) was not restored: its SHA-256 is \(found) and not \(wanted), so it is another "
                + "backup, or was changed or cut off on its way; copy it again from where it is "
                + "kept, or name the backup that has this SHA-256"
        }
    }
}
