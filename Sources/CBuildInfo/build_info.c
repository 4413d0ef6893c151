// The two values come from Package.swift. They are in C so that another commit compiles this file
// and the module of the command only.

#include "build_info.h"

const char *loket_commit(void) { return LOKET_COMMIT; }

const char *loket_swift_version(void) { return LOKET_SWIFT; }
