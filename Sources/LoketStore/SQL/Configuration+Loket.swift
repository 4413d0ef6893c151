// What every connection to a database of ours has.

import CSQLiteMemory
import GRDB

extension Configuration {
    static func loket(label: String = "loket") -> Configuration {
        _ = sqliteHasNoCounts
        var configuration = Configuration()
        configuration.label = label
        // GRDB's own default runs asynchronous reads before the threads that answer DOKU.
        configuration.qos = .default
        configuration.prepareDatabase { try RowChecksum.addFunction(to: $0) }
        return configuration
    }
}

/// Whether SQLite counts no memory, set once. It is false if a connection was open before.
private let sqliteHasNoCounts = sqlite_memory_without_counts() == 0
