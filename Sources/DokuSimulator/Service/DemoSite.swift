// A temporary folder with settings and a secret, in which the demo or a benchmark runs a service.

import Foundation
import LoketSystem

package struct DemoSite: Sendable {
    package static let clientID = "MCH-0001-10791114622547"
    package static let exclusiveBIN = "889651"
    package static let directBIN = "12345"
    package static let inquiryPath = "/doku/inquiry"
    package static let notificationPath = "/doku/notification"

    package let folder: URL
    /// Signs inquiries.
    package let doku: Doku
    /// Signs notifications: the same account and secret, but the notification path.
    package let notifying: Doku

    package var settingsPath: String { path("loket.yaml") }
    package var databasePath: String { path("loket.db") }
    package var keyPath: String { path("loket.db.admin-key") }
    package var secretPath: String { path("doku-secret") }

    /// - Parameters:
    ///   - purpose: A part of the folder's name.
    ///   - parent: The parent of the new folder; nil for the system's temporary folder.
    ///   - settings: Returns the text of the settings from the paths of the database and secret
    ///     file.
    package init(
        purpose: String, in parent: URL? = nil,
        settings: (_ database: String, _ secretFile: String) -> String
    ) throws {
        folder = try makeTemporaryFolder(purpose, in: parent)
        let secret = Array(("SK-" + hexadecimal(randomBytes(24))).utf8)
        doku = Doku(clientID: Self.clientID, secret: secret, signedTarget: Self.inquiryPath)
        notifying = Doku(
            clientID: Self.clientID, secret: secret, signedTarget: Self.notificationPath)
        let isWritten = FileManager.default.createFile(
            atPath: secretPath, contents: Data(secret), attributes: [.posixPermissions: 0o600])
        guard isWritten else {
            throw ServiceProcess.Fault(description: "cannot write \(secretPath)")
        }
        try settings(databasePath, secretPath)
            .write(toFile: settingsPath, atomically: true, encoding: .utf8)
    }

    /// Starts `loket serve` in this folder.
    ///
    /// - Parameter readsLog: Whether the log is read after the service listens. If false,
    ///   the log is written to a pipe that is soon full.
    package func serve(_ executable: String, readsLog: Bool = true) async throws -> ServiceProcess {
        try await ServiceProcess(
            executable, ["serve", "--config", settingsPath, "--until-input-ends"], folder: folder,
            readsLog: readsLog)
    }

    /// Returns the admin key that the service wrote when it started.
    package func key() throws -> String {
        guard let text = try? String(contentsOfFile: keyPath, encoding: .utf8) else {
            throw ServiceProcess.Fault(description: "the service wrote no admin key to \(keyPath)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    package func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }
}

/// Creates a folder for one run, readable only by its owner.
package func makeTemporaryFolder(_ purpose: String, in parent: URL? = nil) throws -> URL {
    let folder = (parent ?? FileManager.default.temporaryDirectory)
        .appendingPathComponent("loket-\(purpose)-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    return folder
}
