// The answers of `loket init`. Each starts with a valid default. A new answer is accepted only if
// the settings reader accepts it, so the rules are not duplicated here.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketServer
import LoketSystem

enum SetupQuestion: Hashable {
    case clientID, secret, bin, channels, publicURL, gateway, admin

    var option: String {
        switch self {
        case .clientID: "--client-id"
        case .secret: "--secret-file"
        case .bin: "--bin"
        case .channels: "--channels"
        case .publicURL: "--public-url"
        case .gateway: "--gateway"
        case .admin: "--admin"
        }
    }

    /// Creates the question that a problem in the settings belongs to, from the problem's path.
    init?(settingsPath path: String) {
        switch path {
        case _ where path.hasPrefix("accounts[0].client_id"): self = .clientID
        case _ where path.hasPrefix("accounts[0].secrets"): self = .secret
        case _ where path.hasPrefix("accounts[0].bins[0].channels"): self = .channels
        case _ where path.hasPrefix("accounts[0].bins"): self = .bin
        case _ where path.hasPrefix("gateway") && path.hasSuffix("_path"): self = .publicURL
        case _ where path.hasPrefix("gateway"): self = .gateway
        case _ where path.hasPrefix("admin"): self = .admin
        default: return nil
        }
    }
}

struct SetupAnswers {
    private static let secretVariable = "DOKU_SECRET_KEY"
    /// The number of bytes: 192 random bits.
    private static let trialSecretBytes = 24

    var isTrial = false
    private(set) var clientID = DokuLetter.trialClientID
    private(set) var secret = "SK-" + hexadecimal(randomBytes(Self.trialSecretBytes))
    private(set) var bin = "889651"
    private(set) var channels = ["alfa"]
    private(set) var publicURL: PublicURL?
    private(set) var gateway = Settings.Listener(host: "127.0.0.1", port: 8080)
    private(set) var admin = Settings.Listener(host: "127.0.0.1", port: 8081)

    /// The type of the BIN: five digits are the merchant's own BIN at the acquirer, others are
    /// DOKU's.
    var binType: BINType { bin.utf8.count == BIN.directDigits ? .direct : .dokuExclusive }
    var inquiryPath: String { (publicURL?.path ?? "") + "/doku/inquiry" }
    var notificationPath: String { (publicURL?.path ?? "") + "/doku/notification" }

    /// An example code with the BIN.
    var sampleCode: String { (try? read())?.accounts.first?.bins.bins.first?.sampleCode ?? bin }

    /// - Returns: The reason why the answer is refused; nil if it is accepted.
    mutating func take(_ text: String, for question: SetupQuestion) -> String? {
        var changed = self
        if let reason = changed.set(text, for: question) ?? changed.problem(with: question) {
            return reason
        }
        self = changed
        return nil
    }

    /// Checks that the answers, valid one by one, are valid together.
    func checkWhole() throws {
        for question in [SetupQuestion.gateway, .admin] {
            if let reason = problem(with: question) {
                throw Failure(.usage, "\(question.option): \(reason)")
            }
        }
        do {
            _ = try read()
        } catch {
            let lines = error.problems.map { problem in
                let option = SetupQuestion(settingsPath: problem.path)?.option ?? problem.path
                return "\(option): \(problem.message)"
            }
            throw Failure(.usage, lines.joined(separator: "\n"))
        }
    }

    /// Returns the text of the settings file.
    ///
    /// - Parameter secret: The location of the secret key, as YAML.
    func yaml(database: String, secret: String) -> String {
        let quoted = ExampleSettings.quoted
        return """
            # Settings of loket, written by `loket init`. loket.example.yaml describes every
            # setting, with its default and its reason. Run `loket check` after a change.
            gateway:                       # DOKU connects here, through your proxy
              host: \(quoted(gateway.host))
              port: \(gateway.port)
              inquiry_path: \(quoted(inquiryPath))
              notification_path: \(quoted(notificationPath))
            admin:                         # you connect here
              host: \(quoted(admin.host))
              port: \(admin.port)
            database: \(quoted(database))
            accounts:
              - client_id: \(quoted(clientID))
                secrets: [\(secret)]
                bins:
                  - { bin: \(quoted(bin)), type: \(binType.rawValue), \
            channels: [\(channels.joined(separator: ", "))] }

            """
    }

    /// Returns the text to send to DOKU, and what the merchant does in DOKU's Back Office.
    func letter() throws -> String {
        let settings = try read()
        let letters = settings.accounts.map {
            DokuLetter($0, in: settings, base: publicURL?.base).text
        }
        return letters.joined() + """

            ---
            For you, in DOKU's Back Office:

              - The file secrets/doku must contain the secret key of the Client-Id.
              - Enter the Notification URL for each payment channel above, and for no other method.
              - DOKU itself enters the Inquiry URL: one for the sandbox, one for production.
              - Both URLs must be public: https, without a port, a login or a VPN.

            """
    }

    // MARK: Reading

    /// - Returns: The reason why the text is malformed, else nil.
    private mutating func set(_ text: String, for question: SetupQuestion) -> String? {
        switch question {
        case .clientID: clientID = text
        case .secret: secret = text
        case .bin: bin = text
        case .channels:
            let names = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard names.allSatisfy({ Channel(rawValue: $0) != nil }) else {
                return "must be alfa, indomaret or alfa,indomaret"
            }
            channels = names
        case .publicURL:
            do throws(PublicURL.Refusal) {
                publicURL = try PublicURL(text)
            } catch {
                return error.reason
            }
        case .gateway:
            guard let listener = Self.listener(text, gateway.host) else { return Self.noListener }
            gateway = listener
        case .admin:
            guard let listener = Self.listener(text, admin.host) else { return Self.noListener }
            admin = listener
        }
        return nil
    }

    private static let noListener = "must be a port, or host:port"

    private static func listener(_ text: String, _ host: String) -> Settings.Listener? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let port = parts.last.flatMap({ Int($0) }), (1...65_535).contains(port) else {
            return nil
        }
        var given = parts.dropLast().joined(separator: ":")
        if given.hasPrefix("["), given.hasSuffix("]") {
            given = String(given.dropFirst().dropLast())
        }
        return Settings.Listener(host: parts.count == 1 ? host : given, port: port)
    }

    func problem(with question: SetupQuestion) -> String? {
        do {
            _ = try read()
        } catch {
            let problem = error.problems.first { SetupQuestion(settingsPath: $0.path) == question }
            if let problem { return problem.message }
        }
        let entry: CheckEntry
        switch question {
        case .gateway: entry = Port(gateway).entry(.gateway, holder: nil)
        case .admin: entry = Port(admin).entry(.admin, holder: nil)
        default: return nil
        }
        return entry.isProblem ? entry.text : nil
    }

    private func read() throws(SettingsRefused) -> Settings {
        try Settings.read(
            yaml: yaml(database: "loket.db", secret: "{ env: \(Self.secretVariable) }"),
            file: FoundSettings.name, environment: [Self.secretVariable: secret])
    }
}
