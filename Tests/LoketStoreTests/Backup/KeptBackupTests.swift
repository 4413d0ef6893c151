// Copies that a store writes into a folder: complete, checked, private, and always restorable.
// Other files in the folder are unchanged.

import Foundation
import GRDB
import LoketCore
import LoketSystem
import TestSupport
import Testing

@testable import LoketStore

struct KeptBackupTests {
    private let till: Till
    private let place: TemporaryFolder
    private let folder: BackupFolder

    init() throws {
        till = try Till()
        place = try TemporaryFolder()
        folder = BackupFolder(place.url.path)
    }

    private static func day(_ day: Int64) -> Moment {
        Sample.now.adding(milliseconds: day * 86_400_000)
    }

    @discardableResult
    private func keep(at now: Moment = Sample.now) async throws -> KeptBackup {
        let lock = try till.store.lockBackups(in: folder)
        defer { lock.release() }
        return try await till.store.keepBackup(
            in: folder, holding: lock, read: till.read, now: now)
    }

    private func name(_ day: Int64) -> String { BackupName(takenAt: Self.day(day)).file }

    @Test func `a copy is named by its time, is private, and its checksum restores it`()
        async throws
    {
        let bill = try await till.bill()
        try await till.take()
        let made = try await keep()
        let file = made.name.file
        #expect(file.wholeMatch(of: /loket-[0-9]{8}T[0-9]{6}Z\.db/) != nil)
        #expect(try place.names() == [file, file + ".sha256"])
        for name in try place.names() {
            let attributes = try FileManager.default.attributesOfItem(atPath: place.path(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: place.path(file)))
        let digest = SHA256Digest(of: Array(bytes))
        #expect(made.digest == digest && made.byteCount == Int64(bytes.count))
        let line = try String(contentsOfFile: place.path(file + ".sha256"), encoding: .utf8)
        #expect(line == "\(hexadecimal(digest.bytes))  \(file)\n")

        let other = try TemporaryFolder()
        let finding = try till.restore(place.path(file), to: other.database, digest: digest)
        #expect(finding.takenBy == "timer" && finding.backedUpAt == Sample.now)
        try await withStore(at: other.database) { store in
            let state = try await store.bill(id: bill)?.bill.state
            #expect(state == .paid)
        }
    }

    @Test func `files that are not copies of ours are neither counted nor removed`() async throws {
        for day in 0..<4 { try await keep(at: Self.day(Int64(day))) }
        let strangers = [
            "loket-20200101T000000Z.db", "loket-20200101T000000Z.db.part", "loket.db",
            "loket-20201301T000000Z.db", "loket-20200101T000000Z.db.gz", "notes.txt",
            "Loket-20200101T000000Z.db", "loket-20200101T000000+0700.db", "loket-2020.db",
            "xloket-20200101T000000Z.db",
        ]
        for name in strangers {
            try Data("mine".utf8).write(to: place.url.appendingPathComponent(name))
            // The first file has no checksum.
            guard name != strangers[0] else { continue }
            try Data("mine".utf8).write(to: place.url.appendingPathComponent(name + ".sha256"))
        }
        let link = "loket-20200102T000000Z.db"
        for name in [link, link + ".sha256"] {
            try FileManager.default.createSymbolicLink(
                atPath: place.path(name), withDestinationPath: place.path(self.name(3)))
        }
        let before = try place.names()
        #expect(try folder.copies().map(\.file) == (0..<4).map { name(Int64($0)) })

        let gone = try folder.prune(keeping: 3, now: Self.day(4))
        #expect(gone.map(\.file) == [name(0)])
        #expect(try place.names() == before.filter { !$0.hasPrefix(name(0)) })
    }

    @Test func `a copy dated in the future is neither counted nor removed`() async throws {
        for day in [0, 1, 400] { try await keep(at: Self.day(Int64(day))) }
        let copies = try folder.copies()
        #expect(BackupFolder.last(of: copies, now: Self.day(2))?.seconds == Self.day(1).seconds)
        #expect(try folder.prune(keeping: 1, now: Self.day(2)).map(\.file) == [name(0)])
        #expect(try folder.copies().map(\.file) == [name(1), name(400)])
    }

    @Test func `a copy that a restore would refuse is removed, older copies remain`()
        async throws
    {
        try await till.bill()
        let payment = try await till.pay()
        try await keep()
        let before = try place.names()
        try till.tamper(payment: payment, "amount = 9")
        await #expect {
            try await keep(at: Self.day(1))
        } throws: { error in
            guard case BackupFault.unsound(let problems) = error else { return false }
            return !problems.isEmpty
        }
        #expect(try place.names() == before)
        // The time of the last good copy is unchanged.
        #expect(try await till.store.storedCounts(now: Self.day(1)).lastBackupAt == Sample.now)
    }

    /// As in a restore; otherwise one flipped bit would end all backups.
    @Test func `a copy with a damaged bill is kept`() async throws {
        let bill = try await till.bill()
        try RawDatabase.execute(till.path, "UPDATE bill SET amount = 9 WHERE id = \(bill)")
        try await keep()
        #expect(try folder.copies().count == 1)
    }

    @Test func `a page that changed on the backup disk is found`() async throws {
        try await till.bill()
        let made = try await keep()
        var bytes = Array(
            try Data(contentsOf: URL(fileURLWithPath: place.path(made.name.file))))
        let half = bytes.count / 2
        for index in half..<half + 4096 { bytes[index] = 0xA5 }
        try Data(bytes).write(to: URL(fileURLWithPath: folder.unfinished))
        await #expect(throws: BackupFault.self) {
            try await Store.verified(folder.unfinished, till.read)
        }
    }

    @Test func `a folder has one service, and the files of a crash are removed`() async throws {
        for path in [folder.unfinished, place.path("loket-20200101T000000Z.db.sha256")] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: path))
        }
        let other = try Till()
        let lock = try other.store.lockBackups(in: folder)
        await #expect {
            try await keep()
        } throws: {
            "\($0)".contains("another service (process ")
        }
        lock.release()
        let made = try await keep()
        #expect(try place.names() == [made.name.file, made.name.checksumFile])
        // No file is overwritten.
        await #expect(throws: PlacedFile.Fault.self) { try await keep() }
        #expect(try folder.copies().count == 1)
    }

    @Test func `a backup leaves free what notifications need on the database's disk`()
        async throws
    {
        let gauge = Gauge()
        let open = try OpenStore(room: gauge.room())
        let lock = try open.store.lockBackups(in: folder)
        defer { lock.release() }
        gauge.free = 200_000
        await #expect(throws: DiskRoom.Shortage.self) {
            try await open.store.keepBackup(
                in: folder, holding: lock, read: { _, _ in (nil, .unreadable(nil)) },
                now: Sample.now)
        }
        #expect(try place.names().isEmpty)
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs of its own needs root"))
    func `no part of a copy remains on a disk that is too small`() async throws {
        let disk = try SmallDisk(kibibytes: 512)
        let small = BackupFolder(disk.path)
        let account = till.open.account
        try RawDatabase.execute(
            till.path, Flood.bills(4_000, account: account, codesFrom: 1_000_000))
        let lock = try till.store.lockBackups(in: small)
        defer { lock.release() }
        await #expect(throws: DiskRoom.Shortage.self) {
            try await till.store.keepBackup(
                in: small, holding: lock, read: till.read, now: Sample.now)
        }
        #expect(try small.copies().isEmpty)
        #expect(!PlacedFile.isTaken(small.unfinished))
    }

    @Test func `a missing folder is not created`() throws {
        let missing = BackupFolder(place.path("gone"))
        #expect {
            try missing.check()
        } throws: {
            "\($0)" == "no backup can be written to \(missing.path): no such file or directory"
        }
        #expect(try place.names().isEmpty)
    }
}
