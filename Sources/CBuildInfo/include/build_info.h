// What `scripts/build --release` recorded of the build; "unknown" in any other build.
#ifndef LOKET_BUILD_INFO_H
#define LOKET_BUILD_INFO_H

/// The revision of the sources, with `+changes` where some were not committed.
const char *loket_commit(void);

/// The version of the compiler.
const char *loket_swift_version(void);

#endif
