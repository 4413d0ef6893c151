// The service on this machine whose settings are found. They name its listeners and the file of its
// first key. A key that is found by them is sent only to an address of this machine, and only where
// the listening user may have that key: settings and ports can be another user's.

import ArgumentParser
import Foundation
import LoketRuntime
import LoketSystem
import NIOCore

struct LocalService {
    let file: String
    private let place: ServicePlace
    private let environment: [String: String]

    init(file: String, environment: [String: String]) throws {
        self.file = file
        self.environment = environment
        do {
            place = try ServicePlace.read(file: file, environment: environment)
        } catch {
            throw Failure(.usage, "\(error)\(Self.remedy(for: error))")
        }
    }

    /// Nil where there are no settings.
    static func found(_ environment: [String: String]) throws -> LocalService? {
        try FoundSettings.path.map { try LocalService(file: $0, environment: environment) }
    }

    /// - Parameter options: those that do without settings.
    static func notFound(_ options: String) -> Failure {
        Failure(
            .usage,
            "there is no \(FoundSettings.name) here and no \(FoundSettings.ofPackage): go to the "
                + "service's folder, make one (`loket init`), or give \(options)")
    }

    // MARK: The admin side

    func adminURL() throws -> String {
        let url = try Self.url(of: place.admin, "admin", in: file)
        if let stranger = Self.stranger(on: place.admin.port, beside: place.keyFile) {
            throw Failure(
                .no,
                "user \(stranger) listens on port \(place.admin.port), and no key is sent there: "
                    + "the service would run as the owner of \(place.keyFile). Start the service, "
                    + "or give --url and --key-file")
        }
        return url
    }

    func key() throws -> String {
        let path = place.keyFile
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let isDenied = access(path, R_OK) != 0 && errno == EACCES
        throw Failure(
            .usage,
            isDenied
                ? "\(path) cannot be read by this user: \(Self.asOwner)"
                : "there is no key in \(path), where `loket serve` writes it when it makes a "
                    + "database. Put it back, give --key-file, or set LOKET_ADMIN_KEY; "
                    + "if all keys are lost: `loket keys reset`")
    }

    /// A user who listens on the port and is neither root nor the owner of the key.
    static func stranger(on port: Int, beside keyFile: String) -> uid_t? {
        var owner = stat()
        guard stat(keyFile, &owner) == 0 else { return nil }
        return PortOwner.users(port: port).first { ![0, owner.st_uid].contains($0) }
    }

    // MARK: The gateway's side

    /// Where an inquiry or a notification arrives.
    func gatewayURL(_ path: KeyPath<Settings.Gateway, String>) throws -> String {
        try Self.url(of: place.gateway.listener, "gateway", in: file) + place.gateway[keyPath: path]
    }

    var gateway: Settings.Gateway { place.gateway }

    /// - Parameter clientID: nil: the only one.
    func account(_ clientID: String?) throws -> ServicePlace.Account {
        let accounts: [ServicePlace.Account]
        do {
            accounts = try ServicePlace.accounts(file: file, environment: environment)
        } catch {
            throw Failure(.usage, "\(error)\(Self.remedy(for: error))")
        }
        let fitting = accounts.filter { clientID == nil || $0.clientID == clientID }
        guard fitting.count == 1 else {
            let ids = accounts.map(\.clientID).joined(separator: ", ")
            throw Failure(.usage, "\(file) has the accounts \(ids): name one with --client-id")
        }
        return fitting[0]
    }

    // MARK: Addresses

    /// - Throws: where the listener is not on this machine.
    static func url(
        of listener: Settings.Listener, _ section: String, in file: String
    ) throws -> String {
        guard listener.port != 0 else {
            throw Failure(
                .usage,
                "\(file) has `port: 0` for the \(section) listener, any free one: name the URL with "
                    + "the port that the log's line \"listening\" has")
        }
        guard let host = ownAddress(listener) else {
            throw Failure(
                .usage,
                "\(file) has \(listener.host) as the host of the \(section) listener, which is not "
                    + "an address of this machine: name the URL")
        }
        return "http://\(host):\(listener.port)"
    }

    /// One that listens on every address is asked on loopback, which it answers for.
    private static func ownAddress(_ listener: Settings.Listener) -> String? {
        switch listener.host {
        case "0.0.0.0": return "127.0.0.1"
        case "::": return "[::1]"
        default: break
        }
        guard
            let address = try? SocketAddress.makeAddressResolvingHost(
                listener.host, port: 0), let text = address.ipAddress
        else { return nil }
        // The kernel binds its own addresses alone.
        let isIPv6 = address.protocol == .inet6
        let descriptor = socket(
            isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else { return nil }
        return isIPv6 ? "[\(text)]" : text
    }

    private static let asOwner =
        "run the command as the service's user (`sudo -u loket loket …` where the package is "
        + "installed), or give --url and a key of your own with --key-file"

    private static func remedy(for error: any Error) -> String {
        "\(error)".lowercased().contains("permission denied") ? "; \(asOwner)" : ""
    }
}

struct ConfigOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The settings file; by default loket.yaml here, else \(FoundSettings.ofPackage).",
            valueName: "file"))
    var config: String?

    var file: String { config ?? FoundSettings.path ?? FoundSettings.name }
}

enum FoundSettings {
    static let name = "loket.yaml"
    static let folderOfPackage = "/etc/loket"
    static let ofPackage = folderOfPackage + "/" + name

    /// Nil where there is neither. One of the package that this user cannot reach is taken, for the
    /// reading to say so; a command that runs as another user often starts in a folder that it
    /// cannot enter.
    static var path: String? {
        var status = stat()
        if stat(name, &status) == 0 { return name }
        return stat(ofPackage, &status) == 0 || errno == EACCES ? ofPackage : nil
    }
}
