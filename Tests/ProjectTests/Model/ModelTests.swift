// Random operations with the real process, each compared with the auditor's books, to reach states
// that no scenario in a fixed order reaches.
//
// LOKET_MODEL_SEED replays a run; LOKET_TORTURE=1 makes it a hundred times as long.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Model {
        @Test(.enabled(if: !isTorture))
        func `a thousand random operations agree with the books`() async throws {
            try await ModelRun.play(operations: 1_000)
        }
    }
}

/// Separate from the suite of processes, whose time limit is for tests of a minute.
@Suite(.serialized, .timeLimit(.minutes(240))) struct ModelTorture {
    @Test(.enabled(if: isTorture))
    func `a hundred thousand random operations agree with the books`() async throws {
        try await ModelRun.play(operations: 100_000)
    }
}

enum ModelSettings {
    static func seed() throws -> UInt64 {
        guard let text = ProcessInfo.processInfo.environment["LOKET_MODEL_SEED"] else {
            return UInt64.random(in: 1...999_999_999)
        }
        guard let seed = UInt64(text) else {
            throw Project.Missing(description: "LOKET_MODEL_SEED is no number: \(text)")
        }
        return seed
    }
}
