// `loket backup`: copies a running service's database to a file on the machine of the command. The
// file gets its final name when it is entirely on disk and its digest equals that of the service.

import ArgumentParser
import AsyncHTTPClient
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem
import NIOCore

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a consistent copy of a running service's database.",
        discussion: """
            The service keeps running. The copy contains everything that was committed before, \
            with customers' names and e-mail addresses, so only the file's owner can read it. It \
            is written as FILE.part and renamed when it is complete. No file is overwritten. The \
            admin key needs the scope `backup`.

            Example: loket backup loket-$(date +%F).db
            """)

    @Argument(help: "The file to create.")
    var file: String
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var admin: AdminOptions

    func run() async throws {
        let client = try admin.client()
        let progress = Progress()
        defer { progress.end() }
        // The service answers DOKU first, also on a machine of one core.
        let (bytes, sha256) = try await withTaskExecutorPreference(BulkExecutor.shared) {
            try await NewFile.make(file, by: "backup") {
                try await BackupDownload(client, progress).write(to: $0)
            }
        }
        progress.end()
        let digest = hexadecimal(sha256)
        guard json else {
            return try Output.print("\(file): \(bytes) bytes, SHA-256 \(digest)")
        }
        try Output.print {
            $0.field("file", file)
            $0.field("bytes", bytes)
            $0.field("sha256", digest)
        }
    }
}

/// The answer to POST /admin/v1/backup, received in pieces.
private struct BackupDownload {
    private let admin: AdminClient
    private let progress: Progress

    /// The time limit for the first byte. Before that, the service copies the whole database.
    private static let patience = TimeAmount.hours(24)

    init(_ admin: AdminClient, _ progress: Progress) {
        self.admin = admin
        self.progress = progress
    }

    /// - Returns: The number of bytes and the digest, which equals the digest that the service
    ///   sent.
    func write(to file: NewFile) async throws -> (Int64, [UInt8]) {
        progress.say("the service is copying the database")
        let response = try await admin.download(
            "/admin/v1/backup", patience: Self.patience)
        guard let length = response.headers.first(name: "Content-Length").flatMap({ Int64($0) }),
            let promised = Self.digest(response.headers["Repr-Digest"])
        else {
            throw Failure(
                .no,
                "the copy cannot be verified: the service's answer has no Content-Length or "
                    + "Repr-Digest. Does a proxy change the answer?")
        }
        try file.checkRoom(for: length)
        let step = Progress.Step(doing: "receiving", unit: .bytes, total: length)
        var digest = RunningSHA256()
        var count: Int64 = 0
        do {
            for try await buffer in response.body {
                try buffer.withUnsafeReadableBytes { bytes in
                    digest.add(bytes)
                    try file.write(bytes)
                }
                count += Int64(buffer.readableBytes)
                progress.show(step, done: count)
            }
        } catch let fault as PlacedFile.Fault {
            throw fault
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .unreachable,
                "the copy ended after \(count) bytes: \(connectionFailure(error) ?? "\(error)")"
            )
        }
        let found = digest.finish().bytes
        guard count == length, found == promised else {
            throw Failure(
                .no,
                "the copy was damaged on the way: \(count) of \(length) bytes, SHA-256 "
                    + "\(hexadecimal(found)) instead of \(hexadecimal(promised)); run `loket "
                    + "backup` again")
        }
        return (count, found)
    }

    /// Returns the digest in `Repr-Digest: sha-256=:…:` (RFC 9530).
    private static func digest(_ values: [String]) -> [UInt8]? {
        guard values.count == 1, let value = values.first,
            let match = value.wholeMatch(of: /sha-256=:([A-Za-z0-9+\/=]+):/),
            let bytes = base64Decoded(match.output.1.utf8)
        else { return nil }
        return bytes
    }
}
