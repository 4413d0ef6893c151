// What a demo or a benchmark runs on: a temporary folder with settings made from the example, a
// new secret, and a database that is filled before any service opens it.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem

struct DemoSite: Sendable {
    static let clientID = "MCH-0001-10791114622547"
    static let exclusiveBIN = "889651"
    static let directBIN = "12345"
    static let inquiryPath = "/doku/inquiry"
    static let notificationPath = "/doku/notification"

    let folder: URL
    /// Asks.
    let doku: Doku
    /// Tells of payments: the same account and secret, signed for the other path.
    let notifying: Doku

    var settingsPath: String { path("loket.yaml") }
    var databasePath: String { path("loket.db") }
    var keyPath: String { path("loket.db.admin-key") }
    var secretPath: String { path("doku-secret") }

    /// - Parameter parent: where its folder is made; nil: among the machine's temporary files.
    init(purpose: String, in parent: URL? = nil) throws {
        folder = try makeTemporaryFolder(purpose, in: parent)
        let secret = Array(("SK-" + hexadecimal(randomBytes(24))).utf8)
        doku = Doku(
            clientID: Self.clientID, secret: secret,
            signedTarget: Self.inquiryPath)
        notifying = Doku(
            clientID: Self.clientID, secret: secret, signedTarget: Self.notificationPath)
        let isWritten = FileManager.default.createFile(
            atPath: secretPath, contents: Data(secret), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw Failure(.no, "cannot write \(secretPath)") }
        try ExampleSettings.adapted(
            gatewayPort: 0, adminPort: 0, database: databasePath, secretFile: secretPath,
            host: "127.0.0.1"
        ).write(toFile: settingsPath, atomically: true, encoding: .utf8)
    }

    /// Writes bills before the service starts.
    func seed(_ drafts: some Sequence<BillDraft>) throws {
        let store = try BillStore(path: databasePath)
        let ids = try store.registerAccounts([Self.clientID])
        guard let account = ids[Self.clientID] else {
            preconditionFailure("the account was just registered")
        }
        try store.seed(drafts, accountID: account, state: .open, now: .now)
        try store.close()
    }

    /// - Parameter readsLog: read the log on after the service listens; else it goes into a pipe
    ///   that is full soon.
    func serve(readsLog: Bool = true) async throws -> ServiceProcess {
        try await ServiceProcess(
            arguments: ["serve", "--config", settingsPath, "--until-input-ends"], folder: folder,
            readsLog: readsLog)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }
}
