// The suite of everything that starts processes: one test at a time, because a machine of two
// cores that runs twenty services at once tests its own scheduler.

import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(isTorture ? 240 : 3))) enum Processes {}
