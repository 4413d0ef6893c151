// Calls of sqlite3_config, which has a variable number of arguments, so Swift cannot call it.
#include <sqlite3.h>

// Turns off SQLite's counts of its memory: each allocation of every thread waits for their lock.
static inline int sqlite_memory_without_counts(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
