// The service on this machine, described by its settings: its listeners and the file of its first
// admin key. The key is sent only to an address of this machine, and only if the user who listens
// there is root or the owner of the key file, because settings and ports can belong to another
// user.

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

    /// Returns the service; nil if there are no settings.
    static func found(_ environment: [String: String]) throws -> LocalService? {
        try FoundSettings.path.map { try LocalService(file: $0, environment: environment) }
    }

    /// - Parameter options: The options that replace the settings.
    static func notFound(_ options: String) -> Failure {
        Failure(
            .usage,
            "there is no \(FoundSettings.name) in this folder and no \(FoundSettings.ofPackage): "
                + "go to the service's folder, create the settings (`loket init`), or give "
                + options)
    }

    // MARK: The admin side

    func adminURL() throws -> String {
        let url = try Self.url(of: place.admin, "admin", in: file)
        if let stranger = Self.stranger(on: place.admin.port, beside: place.keyFile) {
            throw Failure(
                .no,
                "a program of user \(stranger), who does not own \(place.keyFile), listens on port "
                    + "\(place.admin.port), so the admin key was not sent. Stop that program and "
                    + "start the service, or give --url and --key-file")
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
                : "there is no admin key in \(path), where `loket serve` writes the first key of a "
                    + "new database. Put the file back, give --key-file, or set LOKET_ADMIN_KEY; "
                    + "if all keys are lost, run `loket keys reset`")
    }

    /// Returns a user who listens on the port and is neither root nor the key file's owner.
    static func stranger(on port: Int, beside keyFile: String) -> uid_t? {
        var owner = stat()
        guard stat(keyFile, &owner) == 0 else { return nil }
        return PortOwner.users(port: port).first { ![0, owner.st_uid].contains($0) }
    }

    // MARK: The gateway's side

    /// Returns the URL at which inquiries or notifications arrive.
    func gatewayURL(_ path: KeyPath<Settings.Gateway, String>) throws -> String {
        try Self.url(of: place.gateway.listener, "gateway", in: file) + place.gateway[keyPath: path]
    }

    var gateway: Settings.Gateway { place.gateway }

    /// - Parameter clientID: The Client-Id; nil for the only account.
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
            throw Failure(.usage, "\(file) has the accounts \(ids): select one with --client-id")
        }
        return fitting[0]
    }

    // MARK: Addresses

    /// - Throws: `Failure` 2 if the port is 0 or the host is another machine.
    static func url(
        of listener: Settings.Listener, _ section: String, in file: String
    ) throws -> String {
        guard listener.port != 0 else {
            throw Failure(
                .usage,
                "\(file) has `port: 0`, which means any free port, for the \(section) listener: "
                    + "give the URL with the port in the log's line \"listening\"")
        }
        guard let host = ownAddress(listener) else {
            throw Failure(
                .usage,
                "\(file) has the host \(listener.host) for the \(section) listener, which is not "
                    + "an address of this machine: give the URL of the service")
        }
        return "http://\(host):\(listener.port)"
    }

    /// Returns the address to connect to; loopback if the listener is bound to every address.
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
        // The kernel binds a socket only to addresses of this machine.
        let isIPv6 = address.protocol == .inet6
        let descriptor = socket(
            isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else { return nil }
        return isIPv6 ? "[\(text)]" : text
    }

    private static let asOwner =
        "run the command as the service's user (`sudo -u loket loket …` if the package is "
        + "installed), or give --url, and an admin key of your own with --key-file"

    private static func remedy(for error: any Error) -> String {
        "\(error)".lowercased().contains("permission denied") ? "; \(asOwner)" : ""
    }
}

struct ConfigOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The settings file; by default loket.yaml here, otherwise \(FoundSettings.ofPackage).",
            valueName: "file"))
    var config: String?

    var file: String { config ?? FoundSettings.path ?? FoundSettings.name }
}

enum FoundSettings {
    static let name = "loket.yaml"
    static let folderOfPackage = "/etc/loket"
    static let ofPackage = folderOfPackage + "/" + name

    /// The path of the settings file; nil if there is none. The package's file is returned even if
    /// this user cannot access it: reading it then reports the error. This matters for a command
    /// that runs as another user, often in a folder which that user cannot enter.
    static var path: String? {
        var status = stat()
        if stat(name, &status) == 0 { return name }
        return stat(ofPackage, &status) == 0 || errno == EACCES ? ofPackage : nil
    }
}
