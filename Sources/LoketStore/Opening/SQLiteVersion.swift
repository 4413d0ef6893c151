// Which SQLite this process runs on.

import GRDBSQLite

package let sqliteVersion = String(cString: sqlite3_libversion())
