// `loket simulate inquiry` and `loket simulate notification`: send one inquiry or one payment.

import ArgumentParser
import DokuSimulator

struct SimulateInquiry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiry",
        abstract: "Sign and send an inquiry, verify the answer's signature, print both.",
        discussion: """
            Exits 0 if the bill is payable and the answer's signature verified, 1 if not.

            Without a URL it asks the service whose settings are here or in /etc/loket, with the \
            Client-Id and the secret key of its only account.

            Examples: loket simulate inquiry --code 88965112345678
            loket simulate inquiry https://pay.example.com/doku/inquiry --client-id \
            MCH-0001-10791114622547 --secret-file secrets/doku --code 88965112345678
            """)

    @Argument(help: "The service's inquiry URL; by default that of the settings.")
    var url: String?
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Flag(help: "Pretty-print the body with two spaces a level.")
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
            "Sign and send a payment notification, verify the answer's signature, print both.",
        discussion: """
            Exits 0 if the service took it (any 2xx) and the answer's signature verified, 1 if \
            not. The service records it as money that came in: to the service it is DOKU's.

            Without a URL it notifies the service whose settings are here or in /etc/loket, with \
            the Client-Id and the secret key of its only account.

            Example: loket simulate notification --invoice INV-1 --amount 150000 --code \
            88965112345678
            """)

    @Argument(help: "The service's notification URL; by default that of the settings.")
    var url: String?
    @Option(help: "The invoice number, as the inquiry answered it.")
    var invoice: String
    @Option(help: "Whole rupiah.", transform: wholeRupiah)
    var amount: Int64
    @Option(help: "The payment code, BIN included.")
    var code: String
    @Option(help: "transaction.status: SUCCESS, FAILED, PENDING or EXPIRED.")
    var status = "SUCCESS"
    @Option(help: "transaction.date, as it is sent; the Request-Timestamp if not given.")
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
