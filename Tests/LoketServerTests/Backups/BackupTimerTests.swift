// The timer that makes backups, on a running service with a set clock: when a backup is made, which
// backups are kept, and what every outlet reports about a failure.

import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct BackupTimerTests {
    private static let name = "backups"

    /// A service whose folder for backups exists.
    private func withTimer(
        in folder: URL, keep: Int = 3, _ body: (RunningService) async throws -> Void
    ) async throws {
        let backups = folder.file(Self.name)
        try FileManager.default.createDirectory(
            atPath: backups, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try await withTill(
            in: folder,
            {
                $0.backup.folder = backups
                $0.backup.keep = keep
            }, body)
    }

    private func withTimer(
        keep: Int = 3, _ body: (RunningService) async throws -> Void
    ) async throws {
        try await withFolder { try await withTimer(in: $0, keep: keep, body) }
    }

    private func backups(_ service: RunningService) -> [String] {
        service.folder.appendingPathComponent(Self.name).files.filter { $0.hasSuffix(".db") }
    }

    private func failures(_ service: RunningService) -> Int {
        service.log.lines.count { $0.message.hasPrefix("the backup failed: ") }
    }

    /// Lets the timer check whether a backup is due.
    private func tick(_ service: RunningService) async {
        await service.service.runtime.backups.makeIfDue()
    }

    @Test func `a backup is made a minute after the start, then daily; the newest are kept`()
        async throws
    {
        try await withTimer { service in
            await tick(service)
            #expect(backups(service).isEmpty)
            service.clock.goOn(minutes: 1)
            await tick(service)
            try #require(backups(service).count == 1, "\(service.log.text)")
            var all = backups(service)
            for _ in 0..<4 {
                service.clock.goOn(hours: 23)
                await tick(service)
                #expect(backups(service) == all.suffix(3))
                service.clock.goOn(hours: 1)
                await tick(service)
                all += backups(service).suffix(1)
                #expect(backups(service) == all.suffix(3))
            }
            #expect(all == all.sorted() && Set(all).count == 5)
            let lines = service.log.lines("made a backup and checked it")
            #expect(lines.compactMap { $0.text("file") } == all)
            #expect(lines.last?.text("removed") == all.dropFirst().first)
            await service.look()
            #expect(try await service.findingNames() == [])

            try Program.run(
                "sh", "-c", "sha256sum --quiet -c *.sha256",
                in: service.folder.appendingPathComponent(Self.name))
        }
    }

    @Test func `a restart alone makes no backup, and a missed backup is made soon`() async throws {
        try await withFolder { folder in
            try await withTimer(in: folder) { service in
                service.clock.goOn(minutes: 1)
                await tick(service)
            }
            for hours: Int64 in [0, 20] {
                try await withTimer(in: folder) { service in
                    service.clock.goOn(minutes: 2, hours: hours)
                    await tick(service)
                    #expect(backups(service).count == 1)
                    let status = try await service.admin.get("/admin/v1/status").json()
                    #expect(status["last_backup_at"]?.isNull == false)
                }
            }
            try await withTimer(in: folder) { service in
                service.clock.goOn(minutes: 2, hours: 24)
                await tick(service)
                #expect(backups(service).count == 2)
            }
        }
    }

    @Test func `a failure is reported everywhere and retried, and its end is reported`()
        async throws
    {
        let receiver = try await AlertReceiver.start()
        try await withFolder { folder in
            let backups = folder.file("not-mounted")
            try await withTill(
                in: folder,
                {
                    $0.backup.folder = backups
                    $0.alerts.url = receiver.url
                }
            ) { service in
                service.clock.goOn(minutes: 1)
                await tick(service)
                await service.look()
                let finding = try await service.expectEverywhere(
                    .backupOld, .needsYou, at: receiver)
                let sentence = finding?["sentence"]?.string ?? ""
                #expect(sentence.hasPrefix("The backup failed: no backup can be"), "\(sentence)")
                #expect(sentence.hasSuffix("not-mounted: no such file or directory."))
                // A failure is not logged at each tick.
                await tick(service)
                #expect(failures(service) == 1)
                service.clock.goOn(minutes: 1)
                await tick(service)
                #expect(failures(service) == 2)

                try FileManager.default.createDirectory(
                    atPath: backups, withIntermediateDirectories: false)
                service.clock.goOn(minutes: 1)
                await tick(service)
                #expect(service.log.lines("made a backup and checked it").isEmpty)
                service.clock.goOn(minutes: 1)
                await tick(service)
                await service.look()
                try await service.expectOver(.backupOld, at: receiver)

                // The timer does not run any more.
                service.clock.goOn(hours: 48)
                await service.look()
                let status = try await service.admin.get("/admin/v1/status")
                let age = try status.json()["findings"]?.elements.first?["sentence"]?.string
                let opening = "A backup is due every 24 h, but the last backup was taken 2 d"
                #expect(age?.hasPrefix(opening) == true, "\(status.text)")
            }
        }
        try await receiver.stop()
    }

    @Test func `a copy of a damaged database is not kept, and a manual one does not count`()
        async throws
    {
        try await withTimer { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try ForeignHand.damage(
                service.folder.file("loket.db"), "UPDATE payment SET amount = 9")
            let answer = try await service.admin.post("/admin/v1/backup", "{}")
            #expect(answer.status == 200)
            service.clock.goOn(minutes: 1)
            await tick(service)
            #expect(backups(service).isEmpty)
            let status = try await service.admin.get("/admin/v1/status").json()
            #expect(status["last_backup_at"]?.isNull == true)
            let sentence = status["findings"]?.elements.compactMap {
                $0["name"]?.string == "backup_old" ? $0["sentence"]?.string : nil
            }.first
            #expect(sentence?.contains("the new backup was damaged") == true, "\(sentence ?? "")")
        }
    }

    private struct Site: Sendable {
        let name: String
        var mode: Int? = 0o700
        var onSameDisk = true
        /// For each line, the verdict at its beginning, and words in it.
        let lines: [(String, String)]
    }

    private static let sites = [
        Site(
            name: "its own", lines: [("ok", "0 of 14"), ("note", "on the disk of the database")]
        ),
        Site(
            name: "listed by all", mode: 0o755,
            lines: [("ok", "0 of 14"), ("note", "can list"), ("note", "on the disk")]),
        Site(
            name: "written by all", mode: 0o777,
            lines: [
                ("ok", "0 of 14"), ("note", "can remove backups from"), ("note", "on the disk"),
            ]),
        Site(name: "gone", mode: nil, lines: [("problem", "mkdir -m 700")]),
        Site(name: "elsewhere", onSameDisk: false, lines: [("ok", "one every 24 h")]),
    ]

    @Test(arguments: sites.map(\.name))
    func `loket check reports the state of the folder`(_ name: String) throws {
        let site = try #require(Self.sites.first { $0.name == name })
        try withFolder { folder in
            let other = "/dev/shm/loket-\(UUID().uuidString)"
            let path = site.onSameDisk ? folder.file("b") : other
            defer { rmdir(other) }
            if let mode = site.mode {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: false)
                #expect(chmod(path, mode_t(mode)) == 0)
            }
            var settings = try Shop.settings(in: folder)
            settings.backup.folder = path
            let lines = BackupFolder.entries(settings).map(\.line)
            #expect(lines.count == site.lines.count, "\(lines)")
            for (line, (verdict, words)) in zip(lines, site.lines) {
                #expect(line.hasPrefix(verdict) && line.contains(words), "\(line)")
            }
        }
    }
}
