// The key file: the secrets of the webhooks, in a file beside the database that only its owner can
// read. A secret must be stored as it is, because it signs. The file is in no backup.

import Foundation
import LoketJSON
import LoketSystem
import Synchronization

/// The secrets by name, `{"3f0c…": ["whsec_…"]}`, the newest first. A change is complete on the
/// disk, or not made.
package final class WebhookSecrets: Sendable {
    /// Why a secret cannot be read or stored, and what to do.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// The number of secrets of one webhook: two while the receiver changes to the new one.
    private static let secretsMax = 2
    private static let bytesMax = 1 << 20
    private static let depthMax = 2

    package let path: String
    private let database: String
    /// Held during a change of the file.
    private let changing = Mutex(())

    package init(besideDatabase database: String) {
        self.database = database
        path = Self.path(besideDatabase: database)
    }

    package static func path(besideDatabase database: String) -> String {
        database + ".webhook-secrets"
    }

    /// Returns a name for the secrets of a new webhook.
    package static func newName() -> String { hexadecimal(randomBytes(16)) }

    /// Returns the one or two secrets of a name.
    ///
    /// - Throws: `Fault` if there is none.
    package func secrets(of name: String) throws(Fault) -> [WebhookSecret] {
        let secrets = try read()[name]?.compactMap { WebhookSecret($0) } ?? []
        guard !secrets.isEmpty else {
            throw Fault(
                description: "the secret is missing in \(path): rotate it, and give the new one to "
                    + "the receiver")
        }
        return secrets
    }

    /// Returns the number of secrets of a name; 0 if they cannot be read.
    package func count(of name: String) -> Int { (try? secrets(of: name).count) ?? 0 }

    /// Adds a new secret, and keeps the oldest as the second: it is the one that the receiver uses
    /// if the secret of an earlier rotation never reached it.
    ///
    /// - Returns: the text of the secret.
    package func add(to name: String) throws(Fault) -> String {
        let text = WebhookSecret.newText()
        try change { all in
            all[name] = [text] + (all[name] ?? []).suffix(Self.secretsMax - 1)
        }
        return text
    }

    /// Removes every secret of a name but the newest.
    package func dropOld(of name: String) throws(Fault) {
        try change { all in all[name] = all[name].map { Array($0.prefix(1)) } }
    }

    package func remove(_ name: String) throws(Fault) {
        try change { all in all[name] = nil }
    }

    // MARK: The file

    private func change(_ body: (inout [String: [String]]) -> Void) throws(Fault) {
        let fault = changing.withLock { _ -> Fault? in
            do throws(Fault) {
                var all = try read()
                body(&all)
                try write(all)
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw fault }
    }

    /// Returns the secrets of every name; none if the file does not exist.
    private func read() throws(Fault) -> [String: [String]] {
        let bytes: [UInt8]
        do throws(BoundedFile.Fault) {
            bytes = try BoundedFile.read(path, bytesMax: Self.bytesMax) { status in
                status.st_mode & 0o077 == 0 ? nil : "other users may read it: run chmod 600 \(path)"
            }
        } catch {
            switch error {
            case .missing: return [:]
            case .unreadable(let reason): throw Fault(description: "cannot read \(path): \(reason)")
            case .folder, .special, .tooLarge:
                throw Fault(description: "\(path) is not a file of webhook secrets: move it away")
            }
        }
        guard let root = try? StrictJSON(bytes, depthMax: Self.depthMax).root, root.isObject else {
            throw Fault(
                description: "\(path) is damaged: move it away, and rotate the secret of each "
                    + "webhook")
        }
        return Dictionary(
            root.members.map { ($0.name, $0.value.elements.compactMap(\.string)) },
            uniquingKeysWith: { first, _ in first })
    }

    private func write(_ all: [String: [String]]) throws(Fault) {
        var writer = JSONWriter()
        writer.object { object in
            for (name, secrets) in all.sorted(by: { $0.key < $1.key }) {
                object.name(name)
                object.array { list in secrets.forEach { list.string($0) } }
            }
        }
        do {
            try PlacedFile.replace(
                path, with: String(decoding: writer.bytes, as: UTF8.self) + "\n",
                besideDatabase: database)
        } catch {
            throw Fault(description: "\(error)")
        }
    }
}
