// The text to send to DOKU about one account. `loket init` writes it into a file, and the counter
// page shows it.

import DokuWire
import LoketCore

/// The text about one account, from settings that have been checked. It has no secret.
package struct DokuLetter: Sendable {
    /// A Client-Id that belongs to no account.
    package static let trialClientID = "MCH-0000-TRIAL"
    /// The place of the scheme and host while they are not known.
    package static let unknownBase = "https://(your public host)"

    private let account: Settings.Account
    private let inquiryURL: String
    private let notificationURL: String

    /// - Parameter base: the scheme and host of the public URL; nil if it is not known.
    package init(_ account: Settings.Account, in settings: Settings, base: String?) {
        self.account = account
        let base = base ?? Self.unknownBase
        inquiryURL = base + settings.gateway.inquirySignedPath
        notificationURL = base + settings.gateway.notificationSignedPath
    }

    private var isTrial: Bool { account.clientID == Self.trialClientID }
    private var channels: Set<Channel> {
        account.bins.bins.reduce(into: []) { $0.formUnion($1.channels) }
    }

    package var text: String {
        """
        To DOKU:

        Please set up Direct Inquiry (DIPC, Online to Offline) for our account.

          Client-Id         \(isTrial ? "(your Client-Id)" : account.clientID)
          BIN               \(bins)
          counters          \(Self.names(channels))
          Inquiry URL       \(inquiryURL)
          Notification URL  \(notificationURL)

        Both URLs accept POST. We verify the Signature of each request over the path above, and
        sign our answers with the same secret key. Please let us know:

          - how long you wait for the answer to an inquiry
          - the maximum length of the invoice number, the customer's name and info1
          - whether several inquiries for one code may get the same invoice number
          - the IP addresses that your requests come from
          - whether a notification that is sent again has a new Request-Timestamp
        \(indomaret)  - how we can make the sandbox send us an inquiry

        """
    }

    /// The BINs, one a line; with their counters if there are several.
    private var bins: String {
        guard !isTrial else { return "(your BIN)" }
        let all = account.bins.bins
        return all.map { bin in
            let kind = bin.type == .direct ? "our own BIN at the acquirer" : "DOKU Exclusive"
            let counters = all.count > 1 ? ", at \(Self.names(bin.channels))" : ""
            return "\(bin.digits), \(kind)\(counters)"
        }.joined(separator: "\n" + String(repeating: " ", count: 20))
    }

    private var indomaret: String {
        guard channels.contains(.indomaret) else { return "" }
        return "  - whether Direct Inquiry works at Indomaret, and its acquirer.id\n"
    }

    private static func names(_ channels: Set<Channel>) -> String {
        Channel.allCases.filter(channels.contains).map { channel in
            switch channel {
            case .alfa: "Alfa Group"
            case .indomaret: "Indomaret"
            }
        }.joined(separator: ", ")
    }
}
