// The suite of everything that starts processes: one test at a time, because a machine of two
// cores that runs twenty services at once tests its own scheduler.

import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(isTorture ? 240 : 3))) enum Processes {}

/// The long form of the tests that have one.
let isTorture = ProcessInfo.processInfo.environment["LOKET_TORTURE"] == "1"
