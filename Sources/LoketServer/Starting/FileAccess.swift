// Which files of secrets and bills every user of this machine can read. A file that only its group
// can read may be meant so: that is how systemd and Kubernetes hand over a secret.

import Foundation
import LoketRuntime

enum FileAccess {
    static func entries(_ settings: Settings) -> [CheckEntry] {
        let database = ["", "-wal", ".admin-key"].map { settings.database + $0 }
        let open = (settings.secretFiles + database).filter(isOpenToOthers)
        if open.isEmpty {
            return [.fine(.files, "no other user of this machine can read secrets or bills")]
        }
        return open.map {
            .note(.files, "every user of this machine can read \($0): chmod o-rwx '\($0)'")
        }
    }

    /// The file itself says so, and so does every folder that it is in.
    private static func isOpenToOthers(_ path: String) -> Bool {
        var place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard mode(of: place) & S_IROTH != 0 else { return false }
        while place.path != "/" {
            place.deleteLastPathComponent()
            guard mode(of: place) & S_IXOTH != 0 else { return false }
        }
        return true
    }

    /// None where there is no such file.
    private static func mode(of place: URL) -> mode_t {
        var found = stat()
        return stat(place.path, &found) == 0 ? found.st_mode : 0
    }
}
