// The settings of a service. SettingsReader reads them from YAML and refuses wrong values.

import DokuWire
import LoketCore

/// The settings of a service, as values that have already been checked.
///
///     let settings = try Settings.read(file: "loket.yaml", environment: environment)
///     settings.gateway.listener.port   // 8080
///     settings.bins["MCH-0001"]        // the BINs of one account
///
/// Reading a wrong file throws `SettingsRefused`, which lists every problem with its line.
package struct Settings: Sendable {
    package var gateway: Gateway
    package var admin: Admin
    /// The absolute path of the SQLite file.
    package var database: String
    package var accounts: [Account]
    package var limits = Bounds()
    package var journal = Journal()
    package var log = Log()
    package var imports = Imports()
    package var alerts = Alerts()
    package var backup = Backup()
    package var webhooks = Webhooks()
    package var invoicePerInquiry = InvoicePerInquiry.reusable
    package var answer = Answer()
    package var channels: [Channel: ChannelTerms] = ChannelTerms.defaults
    package var checkStatus = CheckStatus()
    /// Whether to start although open bills have codes under BINs that are no longer configured.
    package var allowStranded = false
    /// The absolute paths of the files that contain secrets.
    package var secretFiles: [String] = []
    /// Notes for the operator about settings that are valid.
    package var notes: [String] = []

    /// The BINs of each Client-Id.
    package var bins: [String: BINTable] {
        Dictionary(accounts.map { ($0.clientID, $0.bins) }, uniquingKeysWith: { first, _ in first })
    }

    package struct Listener: Sendable, Equatable {
        package var host: String
        /// The port; 0 for any free port.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// The listener for DOKU. The signed paths are the public paths that are registered at DOKU.
    package struct Gateway: Sendable, Equatable {
        package var listener = Listener(host: "0.0.0.0", port: 8080)
        package var inquiryPath = "/doku/inquiry"
        package var inquirySignedPath = "/doku/inquiry"
        package var notificationPath = "/doku/notification"
        package var notificationSignedPath = "/doku/notification"
        /// The proxies whose `X-Forwarded-For` is trusted to name the client.
        package var trustedProxies: [AddressRange] = []

        package init() {}
    }

    /// The listener for the merchant's own programs and people.
    package struct Admin: Sendable, Equatable {
        package var listener = Listener(host: "127.0.0.1", port: 8081)
        /// Whether a proxy in front of the listener ends TLS for connections from a network.
        package var tlsByProxy = false
        /// The host names for which it answers, in addition to `localhost` and its addresses.
        package var hosts: [HostName] = []

        package init() {}
    }

    /// One DOKU Client-Id.
    package struct Account: Sendable {
        package var clientID: String
        /// The merchant's name for payment slips; nil if the settings have none.
        package var name: String?
        /// The one or two active secrets, newest first.
        package var secrets: [Secret]
        package var bins: BINTable
    }

    package struct Bounds: Sendable, Equatable {
        /// The maximum difference of a request's timestamp from now, in seconds.
        package var timestampSeconds = 3600
        /// The time in milliseconds after which an inquiry is declined instead of answered.
        package var answerMilliseconds = 2000
        /// The time in milliseconds within which a request must arrive completely.
        package var requestMilliseconds = 5000
        /// The fixed part, in milliseconds, of the time limit for a body to the admin listener; the
        /// other part grows with its bytes.
        package var bodyGraceMilliseconds = Limits.bodyGraceMilliseconds
        /// The disk space in bytes that imports, backups and new bills leave free for the database.
        package var diskReserveBytes = Limits.diskReserveBytes

        package init() {}
    }

    package struct Journal: Sendable, Equatable {
        package var keepDays = 400
    }

    package struct Log: Sendable, Equatable {
        package enum Level: String, CaseIterable, Sendable { case error, warning, info }

        /// The lowest level that is logged.
        package var level = Level.info
    }

    package struct Imports: Sendable, Equatable {
        /// The time in days for which files of finished imports are stored.
        package var keepDays = 30
    }

    /// The alerts to people about findings.
    package struct Alerts: Sendable, Equatable {
        /// The webhook that receives a text when a finding begins or ends; empty for none.
        package var url = ""
        /// The hours without an inquiry after which a finding begins; 0 for never.
        package var silenceHours = 0
    }

    /// The backups that the service makes on a timer.
    package struct Backup: Sendable, Equatable {
        /// The absolute path of the folder for backups; empty if none are made.
        package var folder = ""
        /// The hours between two backups.
        package var everyHours = 24
        /// The number of backups that are stored.
        package var keep = 14
    }

    /// The webhooks, to which events are sent.
    package struct Webhooks: Sendable, Equatable {
        /// Whether their URLs may have http, and addresses that are not on the internet.
        package var allowPrivateAddresses = false
    }

    package struct Answer: Sendable, Equatable {
        package enum CustomerName: String, CaseIterable, Sendable {
            case full, masked

            /// Returns a name as the counter displays it; if masked, `A**** B******` for
            /// `Anton Budiman`.
            package func shown(_ name: String) -> String {
                guard self == .masked else { return name }
                return name.split(separator: " ").map { word in
                    String(word.prefix(1)) + String(repeating: "*", count: word.count - 1)
                }.joined(separator: " ")
            }
        }

        package var sendEmail = false
        package var customerName = CustomerName.full
        /// The maximum number of characters of `info1`.
        package var infoMax = 30
        /// The maximum number of characters of `customer.name`.
        package var nameMax = 64
    }

    package struct ChannelTerms: Sendable, Equatable {
        /// The value of `channel.id` in DOKU's requests.
        package var id: String
        package var amountMin: Rupiah?
        package var amountMax: Rupiah?

        package static let defaults: [Channel: ChannelTerms] = [
            .alfa: ChannelTerms(id: "ONLINE_TO_OFFLINE_ALFA"),
            .indomaret: ChannelTerms(id: "ONLINE_TO_OFFLINE_INDOMARET"),
        ]

        package init(id: String, amountMin: Rupiah? = nil, amountMax: Rupiah? = nil) {
            self.id = id
            self.amountMin = amountMin
            self.amountMax = amountMax
        }
    }

    /// Look-ups at DOKU of payments that no notification reported; off if `baseURL` is empty.
    package struct CheckStatus: Sendable, Equatable {
        /// The scheme, host and optional path, without a slash at the end.
        package var baseURL = ""
        package var windowHours = 72
        /// Whether a response without a signature is a failure.
        package var answersSigned = true
    }
}
