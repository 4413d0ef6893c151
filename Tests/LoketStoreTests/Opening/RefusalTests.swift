// What is not opened: each obstacle has its fault, and a refusal changes nothing.

import Foundation
import LoketStore
import Testing

struct RefusalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: Obstacle.allCases)
    func `each obstacle has its own fault`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        #expect(throws: obstacle.fault(path: folder.database)) {
            try BillStore(path: folder.database)
        }
    }

    @Test(arguments: Obstacle.allCases)
    func `a refused file keeps its bytes and its mode`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        let bytes = try folder.databaseBytes()
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.database)
        #expect(throws: StoreFault.self) { try BillStore(path: folder.database) }
        let after = try FileManager.default.attributesOfItem(atPath: folder.database)
        #expect(try folder.databaseBytes() == bytes)
        #expect(after[.posixPermissions] as? Int == attributes[.posixPermissions] as? Int)
    }

    @Test(arguments: Obstacle.allCases)
    func `a refusal leaves no new file beside the database`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        let names = try folder.names()
        #expect(throws: StoreFault.self) { try BillStore(path: folder.database) }
        #expect(try folder.names() == names)
    }

    @Test(arguments: Obstacle.allCases)
    func `a refusal lets go of the lock`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        #expect(throws: StoreFault.self) { try BillStore(path: folder.database) }
        #expect(throws: Never.self) { try LockFile(besideDatabase: folder.database) }
    }

    @Test(arguments: ["gone/loket.db", "gone/deeper/loket.db"])
    func `a missing folder is named and not made`(name: String) throws {
        let path = folder.path(name)
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        #expect(throws: StoreFault.missingFolder(parent)) { try BillStore(path: path) }
        #expect(try folder.names().isEmpty)
    }

    @Test func `a file in the folder's place is a missing folder`() throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path("file")))
        #expect(throws: StoreFault.missingFolder(folder.path("file"))) {
            try BillStore(path: folder.path("file/loket.db"))
        }
    }

    @Test func `a folder in the file's place is refused`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.database, withIntermediateDirectories: false)
        #expect(throws: StoreFault.self) { try BillStore(path: folder.database) }
    }
}
