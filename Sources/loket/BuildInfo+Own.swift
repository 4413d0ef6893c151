// What was recorded of this build.

import CBuildInfo
import LoketRuntime

extension BuildInfo {
    static let own = BuildInfo(
        commit: String(cString: loket_commit()), swift: String(cString: loket_swift_version()))
}
