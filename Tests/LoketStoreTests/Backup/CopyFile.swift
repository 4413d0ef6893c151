// A backup in a file, which a test may damage and then restores.

import Foundation
import LoketCore
import LoketSystem

@testable import LoketStore

extension BackupCopy {
    var bytes: [UInt8] {
        get throws {
            var bytes = [UInt8](repeating: 0, count: Int(byteCount))
            let count = try bytes.withUnsafeMutableBytes { try read(at: 0, into: $0) }
            return Array(bytes.prefix(count))
        }
    }
}

extension Till {
    /// Writes a backup of the till's store into the file.
    @discardableResult
    func backUp(
        to path: String, now: Moment = Sample.now, actor: String = "ops"
    ) async throws -> BackupCopy {
        let copy = try await store.backUp(actor: actor, now: now)
        try Data(copy.bytes).write(to: URL(fileURLWithPath: path))
        return copy
    }

    /// Restores the file to another folder, at `Sample.now`.
    @discardableResult
    func restore(
        _ copy: String, to path: String, digest: SHA256Digest? = nil, now: Moment = Sample.now
    ) throws -> Restore.Finding {
        let restore = try Restore(copy, to: path, digest: digest)
        let finding = try restore.check(bins: [:], read: read)
        try restore.finish(finding, now: now)
        return finding
    }
}
