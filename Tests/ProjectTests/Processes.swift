// The suite of all tests that start processes: one test at a time, because twenty services at
// once on a machine with two cores would test the scheduler.

import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(isTorture ? 240 : 3))) enum Processes {}
