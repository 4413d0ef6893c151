// Every command that opens the database, if SQLite or the system refuses: one sentence names the
// file, the cause and the remedy, and never only SQLite's text.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct RefusedDatabase {
        /// The damage to a stopped service's database.
        enum Spoilt: String, CaseIterable, Sendable {
            case folder, folderAsLog, text, half, shortHead, tableGone, unreadablePages

            func lay(on site: Site) async throws {
                let place = site.database
                switch self {
                case .folder, .folderAsLog:
                    let path = self == .folder ? place : place + "-wal"
                    if self == .folder { try FileManager.default.removeItem(atPath: place) }
                    try FileManager.default.createDirectory(
                        atPath: path, withIntermediateDirectories: false)
                case .text:
                    try site.write("Belanja: beras, telur\n", to: "loket.db")
                case .half:
                    let whole = try Data(contentsOf: URL(fileURLWithPath: place))
                    try site.write(Array(whole.prefix(whole.count / 2)), to: "loket.db")
                case .shortHead:
                    let whole = try Data(contentsOf: URL(fileURLWithPath: place))
                    try site.write(Array(whole.prefix(90)), to: "loket.db")
                case .tableGone:
                    _ = try await site.python(
                        """
                        import sqlite3, sys
                        with sqlite3.connect(sys.argv[1]) as database:
                            database.execute("DROP TABLE epoch")
                        database.close()
                        """)
                case .unreadablePages:
                    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: place)))
                    for index in 4096..<bytes.count { bytes[index] = 0xA5 }
                    try site.write(bytes, to: "loket.db")
                }
            }

            var told: String {
                switch self {
                case .folder: "loket.db is not a regular file"
                case .folderAsLog: "loket.db-wal is not a regular file"
                case .text: "loket.db is missing, empty or not a loket database"
                case .half, .shortHead, .tableGone, .unreadablePages: "loket.db is damaged ("
                }
            }

            /// The checks of `serve` and `check` at their start are more detailed.
            var toldByList: String { self == .tableGone ? "the schema differs" : told }
        }

        private func makeDatabase(on site: Site) async throws {
            let service = try await site.serve()
            try await service.addBill("88965112345678", invoice: "INV-1")
            #expect(try await service.stop().code == 0)
        }

        /// Expects exit code 1, the words, and no text of SQLite or GRDB.
        private func expectNo(
            _ outcome: Child.Outcome, _ told: String, location: SourceLocation = #_sourceLocation
        ) {
            let text = outcome.output + outcome.errors
            #expect(outcome.code == 1, "\(outcome)", sourceLocation: location)
            #expect(text.contains(told), "\(told): \(outcome)", sourceLocation: location)
            for raw in ["SQLite error", "while executing", "the database failed"] {
                #expect(!text.contains(raw), "\(outcome)", sourceLocation: location)
            }
        }

        @Test(arguments: Spoilt.allCases)
        func `serve, check and keys reset report the obstacle`(_ spoilt: Spoilt) async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                try await spoilt.lay(on: site)
                expectNo(try await site.run(["check"]), spoilt.toldByList)
                let serve = try await site.run(["serve"])
                expectNo(serve, spoilt.toldByList)
                #expect(serve.errors.split(separator: "\n").count == 2, "\(serve)")
                expectNo(try await site.run(["keys", "reset"]), spoilt.told)
            }
        }

        @Test(arguments: Spoilt.allCases)
        func `restore reports the obstacle of a copy`(_ spoilt: Spoilt) async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                try await spoilt.lay(on: site)
                for suffix in ["", "-wal"] {
                    let copy = site.path("copy.db" + suffix)
                    try? FileManager.default.moveItem(
                        atPath: site.database + suffix, toPath: copy)
                }
                let told =
                    switch spoilt {
                    case .folder: "copy.db is not a regular file"
                    case .folderAsLog: "copy.db-wal is next to it"
                    case .text: "copy.db is not a backup of a loket database"
                    case .half, .shortHead, .tableGone, .unreadablePages: "copy.db is damaged"
                    }
                expectNo(try await site.run(["restore", "copy.db"]), told)
                #expect(!FileManager.default.fileExists(atPath: site.database))
            }
        }

        @Test func `a database that another program has locked is reported`() async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                let holder = try site.start(
                    [
                        "-c",
                        """
                        import sqlite3, sys, time
                        database = sqlite3.connect(sys.argv[1], isolation_level=None)
                        database.execute("PRAGMA locking_mode = EXCLUSIVE")
                        database.execute("BEGIN EXCLUSIVE")
                        print("held", flush=True)
                        time.sleep(3600)
                        """, site.database,
                    ], program: "python3")
                try await eventually("the lock is held") { holder.output.contains("held") }
                let refused = try await site.run(["serve"])
                expectNo(refused, "another program has locked \(site.database)")
                holder.send(SIGKILL)
                _ = try await holder.end()
                let service = try await site.serve()
                #expect(try await service.stop().code == 0)
            }
        }

        // MARK: What only root can create

        /// Runs a shell script in a separate mount namespace.
        private func runMounted(_ script: String, on site: Site) async throws -> Child.Outcome {
            try await site.run(
                ["-m", "sh", "-ec", script, Project.command().path, site.folder.path],
                program: "unshare")
        }

        static let isRoot = geteuid() == 0
        /// A container may forbid it even to root.
        static let canMount =
            isRoot
            && system("unshare -m sh -c 'mount -t tmpfs tmpfs /tmp' 2>/dev/null") == 0

        @Test(.enabled(if: canMount))
        func `a file system mounted read-only is reported`() async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                for command in ["serve", "check", "keys reset"] {
                    let outcome = try await runMounted(
                        """
                        mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; cd "$1"
                        exec "$0" \(command)
                        """, on: site)
                    expectNo(outcome, "is on a file system that is mounted read-only")
                }
            }
        }

        @Test(.enabled(if: canMount)) func `a full disk is reported`() async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                let outcome = try await runMounted(
                    """
                    mkdir "$1/small"; mount -t tmpfs -o size=2m tmpfs "$1/small"
                    cp "$1"/* "$1/small" 2>/dev/null || true; cd "$1/small"
                    dd if=/dev/zero of=filler bs=4096 2>/dev/null || true
                    exec "$0" serve
                    """, on: site)
                expectNo(outcome, "the disk of ")
                #expect(outcome.errors.contains("/small/loket.db is full"), "\(outcome)")
            }
        }

        @Test(.enabled(if: isRoot), arguments: ["serve", "check", "keys reset"])
        func `a file of another user is reported with both users`(_ command: String) async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                let asNobody =
                    try [
                        "--reuid=65534", "--regid=65534", "--clear-groups", Project.command().path,
                    ]
                    + command.split(separator: " ").map(String.init)
                let words = "user nobody is not permitted to use "
                let folder = try await site.run(asNobody, program: "setpriv")
                expectNo(folder, words + "\(site.folder.path), which belongs to root")
                #expect((folder.output + folder.errors).contains("chown nobody"), "\(folder)")

                #expect(chown(site.folder.path, 65534, 65534) == 0)
                let file = try await site.run(asNobody, program: "setpriv")
                expectNo(file, words + "\(site.database), which belongs to root")

                for name in try site.listing() { chown(site.path(name), 65534, 65534) }
                chmod(site.folder.path, 0o500)
                let own = try await site.run(asNobody, program: "setpriv")
                expectNo(
                    own,
                    words + "\(site.folder.path), although it belongs to this user: chmod u+rwX")
            }
        }

        @Test(.enabled(if: isRoot)) func `a check by root leaves the lock to the owner`()
            async throws
        {
            try await withSite { site in
                try await makeDatabase(on: site)
                for name in try site.listing() { chown(site.path(name), 65534, 65534) }
                try? FileManager.default.removeItem(atPath: site.path("loket.db.lock"))
                #expect(try await site.run(["check"]).code == 0)
                for name in try site.listing() where name.hasPrefix("loket.db") {
                    var status = stat()
                    #expect(stat(site.path(name), &status) == 0)
                    #expect(status.st_uid == 65534, "\(name)")
                }
            }
        }
    }
}
