// A backup over the admin API. The database is copied completely, the copy is read for its digest,
// and then streamed as fast as the client reads. Only one backup runs at a time, because each needs
// the space of a second database.

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import LoketCore
import LoketStore
import LoketSystem
import NIOCore
import ServiceLifecycle
import Synchronization

struct BackupRoutes {
    let store: Store
    let log: Logger
    private let place = BackupPlace()

    init(store: Store, log: Logger) {
        self.store = store
        self.log = log
    }

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "backup", .backup, use: take)
    }

    @Sendable private func take(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try context.requireEveryAccount()
        try await request.optionalObject().refuseUnknownFields([])
        guard let turn = place.take() else {
            throw Problem(.backupRunning, "wait until the running backup has finished")
        }
        let now = Moment.now
        let actor = context.actor
        let copy: BackupCopy
        do {
            copy = try await cancelWhenGracefulShutdown { [store] in
                try await store.backUp(actor: actor, now: now)
            }
        } catch let fault as BackupFault {
            log.error("the backup failed: \(fault)")
            throw Problem(.storeFailed, "\(fault)")
        }
        context.note.add(["bytes": .number(copy.byteCount)])
        return response(copy, turn)
    }

    private func response(_ copy: BackupCopy, _ turn: BackupPlace.Turn) -> Response {
        let digest = String(decoding: base64(copy.digest), as: UTF8.self)
        let name = BackupName(takenAt: copy.takenAt)
        var headers: HTTPFields = [
            .contentType: "application/vnd.sqlite3",
            .contentDisposition: "attachment; filename=\"\(name.file)\"",
        ]
        if let name = HTTPField.Name("Repr-Digest") { headers[name] = "sha-256=:\(digest):" }
        let body = ResponseBody(contentLength: Int(copy.byteCount)) { [log] writer in
            do {
                try await Self.write(copy, to: &writer)
            } catch {
                log.warning("the download of a backup was not completed: \(error)")
                throw error
            }
            turn.end()
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func write(
        _ copy: BackupCopy, to writer: inout any ResponseBodyWriter
    ) async throws {
        var offset: Int64 = 0
        while offset < copy.byteCount {
            if Task.isShuttingDownGracefully { throw CancellationError() }
            let start = offset
            let chunk = try await BulkExecutor.run {
                var buffer = ByteBuffer()
                try buffer.writeWithUnsafeMutableBytes(
                    minimumWritableBytes: Limits.backupChunkBytes
                ) { space in
                    try copy.read(
                        at: start,
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: space[..<Limits.backupChunkBytes]))
                }
                return buffer
            }
            offset += Int64(chunk.readableBytes)
            guard chunk.readableBytes > 0 else {
                throw BackupFault.notWritten("the copy became shorter while it was sent")
            }
            try await writer.write(chunk)
        }
    }
}

/// Limits backups to one at a time.
private final class BackupPlace: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Turn? {
        let isFree = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        return isFree ? Turn(of: self) : nil
    }

    /// A backup's slot, freed on release at the latest.
    final class Turn: Sendable {
        private let place: BackupPlace
        private let hasEnded = Mutex(false)

        fileprivate init(of place: BackupPlace) {
            self.place = place
        }

        deinit { end() }

        func end() {
            let isFirst = hasEnded.withLock { hasEnded in
                defer { hasEnded = true }
                return !hasEnded
            }
            if isFirst { place.isTaken.withLock { $0 = false } }
        }
    }
}
