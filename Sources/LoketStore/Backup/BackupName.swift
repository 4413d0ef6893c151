// The name of a copy that the service made: the time at which it was taken, in UTC, so that names
// sort by it. `loket-20261129T020000Z.db`, and its checksum in `loket-20261129T020000Z.db.sha256`.

import LoketCore

package struct BackupName: Hashable, Sendable {
    /// A whole second.
    package let takenAt: Moment

    package init(takenAt moment: Moment) {
        takenAt = Moment(seconds: moment.seconds)
    }

    /// Nil for every other name.
    package init?(_ file: String) {
        let form =
            /loket-([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z\.db/
        guard let parts = file.wholeMatch(of: form)?.output,
            let moment = Moment(
                rfc3339: "\(parts.1)-\(parts.2)-\(parts.3)T\(parts.4):\(parts.5):\(parts.6)Z")
        else { return nil }
        self.init(takenAt: moment)
        guard self.file == file else { return nil }
    }

    package var file: String {
        "loket-\(takenAt.utcText.replacing("-", with: "").replacing(":", with: "")).db"
    }

    package var checksumFile: String { file + ".sha256" }
}
