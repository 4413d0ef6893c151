// The text to send to DOKU, and the entries that the merchant makes in DOKU's Back Office.

import DokuWire
import LoketCore

enum DokuLetter {
    static func text(_ answers: SetupAnswers) -> String {
        let base = answers.publicURL?.base ?? "https://(your public host)"
        let kind = answers.binType == .direct ? "our own BIN at the acquirer" : "DOKU Exclusive"
        return """
            To DOKU:

            Please set up Direct Inquiry (DIPC, Online to Offline) for our account.

              Client-Id         \(answers.isTrial ? "(your Client-Id)" : answers.clientID)
              BIN               \(answers.isTrial ? "(your BIN)" : "\(answers.bin), \(kind)")
              counters          \(answers.channels.map(name).joined(separator: ", "))
              Inquiry URL       \(base)\(answers.inquiryPath)
              Notification URL  \(base)\(answers.notificationPath)

            Both URLs accept POST. We verify the Signature of each request over the path above, and
            sign our answers with the same secret key. Please let us know:

              - how long you wait for the answer to an inquiry
              - the maximum length of the invoice number, the customer's name and info1
              - whether several inquiries for one code may get the same invoice number
              - the IP addresses that your requests come from
              - whether a notification that is sent again has a new Request-Timestamp
            \(indomaret(answers))  - how we can make the sandbox send us an inquiry

            ---
            For you, in DOKU's Back Office:

              - The file secrets/doku must contain the secret key of the Client-Id.
              - Enter the Notification URL for each payment channel above, and for no other method.
              - DOKU itself enters the Inquiry URL: one for the sandbox, one for production.
              - Both URLs must be public: https, without a port, a login or a VPN.

            """
    }

    private static func indomaret(_ answers: SetupAnswers) -> String {
        guard answers.channels.contains(Channel.indomaret.rawValue) else { return "" }
        return "  - whether Direct Inquiry works at Indomaret, and its acquirer.id\n"
    }

    private static func name(_ channel: String) -> String {
        channel == Channel.alfa.rawValue ? "Alfa Group" : channel.capitalized
    }
}
