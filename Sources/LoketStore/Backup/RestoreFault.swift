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
            "\(path) exists, and a restore never overwrites a file: move it away, or name "
                + "another file in the setting `database`"
        case .noCopy(let path):
            "the backup file \(path) does not exist"
        case .notOurs(let path):
            "\(path) is not a backup of a loket database"
        case .notWhole(let copy, let journal):
            "\(copy) is not a backup but a database that is in use or has crashed: the file "
                + "\(journal) is next to it. Take a backup with `loket backup`"
        case .damaged(let copy, let problems):
            "\(copy) is damaged and was not restored; restore another backup. Problems:\n"
                + problems.map { "  " + $0 }.joined(separator: "\n")
        case .otherDigest(let copy, let found, let wanted):
            "\(copy) was not restored: its SHA-256 is \(found) instead of \(wanted). It is "
                + "another backup, or was changed or cut off while it was copied: copy it again, "
                + "or name the backup with the expected SHA-256"
        }
    }
}
