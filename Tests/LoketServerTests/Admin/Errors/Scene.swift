// The situation in which an error can be provoked: a service with its data, and the client that
// sends the request. Each scene is real: a restored copy, an unfinished upload, a damaged row. Not
// a test.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

final class Scene: Sendable {
    typealias Play =
        @Sendable (RunningService, (AdminClient) async throws -> Void) async throws -> Void

    private let before: @Sendable (URL) async throws -> Void
    private let change: @Sendable (inout Settings) -> Void
    private let play: Play

    /// - Parameters:
    ///   - before: fills the service's folder before it starts.
    ///   - play: arranges the scene, lets the client send its requests, and cleans up.
    init(
        before: @escaping @Sendable (URL) async throws -> Void = { _ in },
        _ change: @escaping @Sendable (inout Settings) -> Void = { _ in }, play: @escaping Play
    ) {
        self.before = before
        self.change = change
        self.play = play
    }

    /// - Parameter arrange: returns the client that sends the requests.
    convenience init(
        _ change: @escaping @Sendable (inout Settings) -> Void = { _ in },
        arrange: @escaping @Sendable (RunningService) async throws -> AdminClient
    ) {
        self.init(change) { service, ask in try await ask(arrange(service)) }
    }

    /// Runs each time on a new service.
    func run(
        _ ask: (RunningService, AdminClient) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            try await before(folder)
            try await withTill(in: folder, change) { service in
                try await play(service) { try await ask(service, $0) }
            }
        }
    }
}

// MARK: Clients

extension Scene {
    static let nothing = Scene { $0.admin }

    static let stranger = Scene { AdminClient(port: $0.adminPort) }

    static let revokedKey = Scene { service in
        let made = try await service.makeKey(#"{"name":"old","scopes":["read"]}"#)
        #expect(try await service.admin.delete("/admin/v1/keys/\(made.id)").status == 200)
        return AdminClient(port: service.adminPort, key: made.text)
    }

    static func key(_ scopes: String...) -> Scene {
        Scene { try await $0.client("some", scopes: scopes) }
    }

    /// The first key has as many requests in progress as it may.
    static let fullShare = Scene({ $0.limits.bodyGraceMilliseconds = 600_000 }) {
        service, ask in
        let held = try await service.holdShare(of: service.admin)
        try await ask(service.admin)
        for connection in held { await connection.close() }
    }

    static let impatience = Scene {
        $0.limits.bodyGraceMilliseconds = 100
    } arrange: {
        $0.admin
    }

    /// A key of one account, used to ask about the other.
    static let neighbour = Scene { service in
        try await service.client(
            "neighbour", scopes: ["read", "write", "keys"], account: Shop.neighbourID)
    }

    /// No route creates such a key, but a stored row may have these values.
    static let neighbourWithBackup = Scene { service in
        try await service.clientBound(toAccount: 2)
    }

    static let fullOfWebhooks = Scene { service in
        for _ in 0..<Limits.webhooksMax {
            let answer = try await service.admin.post(
                "/admin/v1/webhooks",
                #"{"url":"https://erp.example/","types":["import.undone"]}"#)
            try #require(answer.status == 201, "\(answer.text)")
        }
        return service.admin
    }

    static let twoKeys = Scene { service in
        _ = try await service.client("erp", scopes: ["read"])
        return service.admin
    }
}

// MARK: Work in progress

extension Scene {
    /// `count` imports are being received.
    static func uploads(_ count: Int) -> Scene {
        Scene { service, ask in
            var uploads: [RawConnection] = []
            for _ in 0..<count { uploads.append(try await service.beginUpload()) }
            try await ask(service.admin)
            for upload in uploads { await upload.close() }
        }
    }

    private static let keepsMoreThanThereIs: @Sendable (inout Settings) -> Void = {
        $0.limits.diskReserveBytes = 1 << 60
    }

    static let noRoom = Scene(keepsMoreThanThereIs) { $0.admin }

    static let noRoomWithBill = Scene(keepsMoreThanThereIs) { service in
        try service.seed([.sample(Till.code, "INV-1")])
        return service.admin
    }

    /// Import 1 was applied before the disk was full.
    static let noRoomAfterImport = Scene(
        before: { folder in
            try await withTill(in: folder) { service in
                let report = try await service.importText(ImportCase.head + ImportCase.row(1))
                #expect(report.state == "applied")
            }
        }, keepsMoreThanThereIs
    ) { service, ask in
        try await ask(service.admin)
    }

    /// Import 1 was a dry run.
    static let dryRun = Scene { service in
        let report = try await service.importText(ImportCase.head, "?dry_run=true")
        #expect(report.id == "1")
        return service.admin
    }

    /// A client has requested a backup larger than the socket buffers, and reads nothing.
    static let heldBackup = Scene { service, ask in
        let metadata = #"{"note":"\#(String(repeating: "n", count: 4000))"}"#
        try service.seed(
            (0..<3_000).map { place in
                try .sample("8896\(5_110_000_000 + place)", "INV-\(place)") {
                    $0.metadata = metadata
                }
            })
        let reader = try await RawConnection.open(port: service.adminPort, reads: false)
        try await reader.send(service.adminRequest("POST", "/admin/v1/backup", "{}").wire)
        try await eventually {
            service.folder.openFiles.contains { $0.contains("backup-unfinished") }
        }
        try await ask(service.admin)
        await reader.close()
    }

    /// The service runs on a restored copy, and has not asked DOKU since.
    static let restored = Scene(before: { folder in
        let copy = folder.file("copy.db")
        try await withTill { service in
            let backup = try await service.admin.post("/admin/v1/backup", "{}")
            try #require(backup.status == 200)
            try Data(backup.body).write(to: URL(fileURLWithPath: copy))
            // The copy contains the key; the key's file is copied here.
            try FileManager.default.copyItem(
                atPath: service.folder.file("loket.db.admin-key"),
                toPath: folder.file("loket.db.admin-key"))
        }
        let restore = try Restore(copy, to: folder.file("loket.db"))
        try restore.finish(
            try restore.check(bins: [:]) { _, _ in (nil, .unreadable(nil)) }, now: .now)
    }) { service, ask in
        try await ask(service.admin)
    }
}
