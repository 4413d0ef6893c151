// What a merchant may choose. SettingsReader reads it from YAML and refuses what is wrong.

import DokuWire
import LoketCore

/// The settings of a service, as values that have been checked and need no further check.
///
///     let settings = try Settings.read(file: "loket.yaml", environment: environment)
///     settings.gateway.listener.port   // 8080
///     settings.bins["MCH-0001"]        // the BINs of one account
///
/// A file that is wrong throws `SettingsRefused`, which lists every problem with its line.
package struct Settings: Sendable {
    package var gateway: Gateway
    package var admin: Admin
    /// Path of the SQLite file, made absolute from the settings file's folder.
    package var database: String
    package var accounts: [Account]
    package var limits = Bounds()
    package var journal = Journal()
    package var log = Log()
    package var imports = Imports()
    package var alerts = Alerts()
    package var backup = Backup()
    package var invoicePerInquiry = InvoicePerInquiry.reusable
    package var answer = Answer()
    package var channels: [Channel: ChannelTerms] = ChannelTerms.defaults
    package var checkStatus = CheckStatus()
    /// Start even though open bills are under BINs that no account has any more.
    package var allowStranded = false
    /// Absolute paths of the files that secrets were read from.
    package var secretFiles: [String] = []
    /// What the operator should know although the settings are right.
    package var notes: [String] = []

    /// The BINs of each Client-Id.
    package var bins: [String: BINTable] {
        Dictionary(accounts.map { ($0.clientID, $0.bins) }, uniquingKeysWith: { first, _ in first })
    }

    package struct Listener: Sendable, Equatable {
        package var host: String
        /// 0: any free port.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// What DOKU reaches. The signed paths are the public ones, registered at DOKU.
    package struct Gateway: Sendable, Equatable {
        package var listener = Listener(host: "0.0.0.0", port: 8080)
        package var inquiryPath = "/doku/inquiry"
        package var inquirySignedPath = "/doku/inquiry"
        package var notificationPath = "/doku/notification"
        package var notificationSignedPath = "/doku/notification"
        /// Whose `X-Forwarded-For` names the client.
        package var trustedProxies: [AddressRange] = []

        package init() {}
    }

    /// What the merchant reaches.
    package struct Admin: Sendable, Equatable {
        package var listener = Listener(host: "127.0.0.1", port: 8081)
        /// What reaches it over a network was TLS until a proxy before it.
        package var tlsByProxy = false
        /// Under which it answers beside `localhost` and its addresses.
        package var hosts: [HostName] = []

        package init() {}
    }

    /// One DOKU Client-Id.
    package struct Account: Sendable {
        package var clientID: String
        /// One or two active ones; the first is the newest.
        package var secrets: [Secret]
        package var bins: BINTable
    }

    package struct Bounds: Sendable, Equatable {
        /// Seconds, either side of now, within which a request's timestamp must lie.
        package var timestampSeconds = 3600
        /// Milliseconds after which an inquiry is declined instead of answered.
        package var answerMilliseconds = 2000
        /// Milliseconds within which a request must be complete.
        package var requestMilliseconds = 5000
        /// Milliseconds that the sender of a body to the admin listener has beside those that its
        /// bytes earn.
        package var bodyGraceMilliseconds = Limits.bodyGraceMilliseconds
        /// Bytes that imports, backups and new bills leave on the disk of the database.
        package var diskReserveBytes = Limits.diskReserveBytes

        package init() {}
    }

    package struct Journal: Sendable, Equatable {
        package var keepDays = 400
    }

    package struct Log: Sendable, Equatable {
        package enum Level: String, CaseIterable, Sendable { case error, warning, info }

        /// Lines below it are not written.
        package var level = Level.info
    }

    package struct Imports: Sendable, Equatable {
        /// For which the files of finished imports are kept.
        package var keepDays = 30
    }

    /// What reaches a person when something is wrong.
    package struct Alerts: Sendable, Equatable {
        /// Where a text is sent when a finding begins or ends; empty: nowhere.
        package var url = ""
        /// Hours without an inquiry that are a finding; 0: none are.
        package var silenceHours = 0
    }

    /// Copies that the service makes on a timer.
    package struct Backup: Sendable, Equatable {
        /// Absolute path of the folder; empty: none are made.
        package var folder = ""
        /// Hours between two.
        package var everyHours = 24
        /// Copies that are kept.
        package var keep = 14
    }

    package struct Answer: Sendable, Equatable {
        package enum CustomerName: String, CaseIterable, Sendable {
            case full, masked

            /// A name as the counter shows it: masked, `Anton Budiman` is `A**** B******`.
            package func shown(_ name: String) -> String {
                guard self == .masked else { return name }
                return name.split(separator: " ").map { word in
                    String(word.prefix(1)) + String(repeating: "*", count: word.count - 1)
                }.joined(separator: " ")
            }
        }

        package var sendEmail = false
        package var customerName = CustomerName.full
        /// Characters of `info1`.
        package var infoMax = 30
        /// Characters of `customer.name`.
        package var nameMax = 64
    }

    package struct ChannelTerms: Sendable, Equatable {
        /// `channel.id` on the wire.
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

    /// Asking DOKU about payments that no notification reported; off while `baseURL` is empty.
    package struct CheckStatus: Sendable, Equatable {
        /// Scheme, host and perhaps a path, without a slash at its end.
        package var baseURL = ""
        package var windowHours = 72
        /// An answer without a signature is a failure.
        package var answersSigned = true
    }
}
