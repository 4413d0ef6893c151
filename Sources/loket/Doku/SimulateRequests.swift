// `loket simulate inquiry` and `loket simulate notification`: send one inquiry or one payment.

import ArgumentParser
import DokuSimulator

struct SimulateInquiry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiry",
        abstract: "Send a signed inquiry, verify the answer's signature, print request and answer.",
        discussion: """
            Exits 0 if the bill is payable and the answer's signature is verified, otherwise 1.

            Without a URL, the inquiry goes to the service whose settings are in the current \
            folder or in /etc/loket, with the Client-Id and the secret key of its only account.

            Examples: loket simulate inquiry --code 88965112345678
            loket simulate inquiry https://pay.example.com/doku/inquiry --client-id \
            MCH-0001-10791114622547 --secret-file secrets/doku --code 88965112345678
            """)

    @Argument(help: "The service's inquiry URL; by default the one in the settings.")
    var url: String?
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Flag(help: "Send the body with line feeds and an indent of two spaces.")
    var pretty = false
    @OptionGroup var dokuOptions: DokuOptions
    @OptionGroup var exchangeOptions: ExchangeOptions

    func run() async throws {
        try await exchangeOptions.exchange(
            with: url, at: .inquiries, as: dokuOptions
        ) { stamp in
            Doku.inquiryBody(
                code: code, counter: dokuOptions.channel, date: stamp,
                layout: pretty ? .pretty : .minified)
        } isRight: {
            $0 == 200
        }
    }
}

struct SimulateNotification: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notification",
        abstract:
            "Send a signed notification, verify the answer's signature, print request and answer.",
        discussion: """
            Exits 0 if the service accepts the notification (any 2xx) and the answer's signature \
            is verified, otherwise 1. The service records a real payment, because it cannot \
            distinguish this notification from a notification of DOKU.

            Without a URL, the notification goes to the service whose settings are in the current \
            folder or in /etc/loket, with the Client-Id and the secret key of its only account.

            Example: loket simulate notification --invoice INV-1 --amount 150000 --code \
            88965112345678
            """)

    @Argument(help: "The service's notification URL; by default the one in the settings.")
    var url: String?
    @Option(help: "The invoice number from the answer to the inquiry.")
    var invoice: String
    @Option(help: "Whole rupiah.", transform: wholeRupiah)
    var amount: Int64
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Option(help: "transaction.status: SUCCESS, FAILED, PENDING or EXPIRED.")
    var status = "SUCCESS"
    @Option(help: "transaction.date, sent unchanged; the Request-Timestamp if not given.")
    var date: String?
    @Option(help: "The counter's own transaction id, AGENT_TRX_ID; left out if not given.")
    var trx: String?
    @Option(
        help: """
            How the amount is written: \
            \(PaymentNotice.AmountForm.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var amountForm: PaymentNotice.AmountForm = .integer
    @OptionGroup var dokuOptions: DokuOptions
    @OptionGroup var exchangeOptions: ExchangeOptions

    func run() async throws {
        try await exchangeOptions.exchange(
            with: url, at: .notifications, as: dokuOptions
        ) { stamp in
            var notice = PaymentNotice(
                invoiceNumber: invoice, amount: amount, paymentCode: code, date: date ?? stamp,
                agentTransactionID: trx)
            notice.status = status
            notice.counter = dokuOptions.channel
            notice.amountForm = amountForm
            return notice.body
        } isRight: {
            (200..<300).contains($0)
        }
    }
}

extension PaymentNotice.AmountForm: ExpressibleByArgument {}
