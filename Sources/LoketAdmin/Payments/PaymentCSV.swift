// Payments as a file for accounting: one line for each payment, with the date and time in Jakarta
// and the amount in digits. The file is streamed, a few hundred payments at a time.

import BillFiles
import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore
import NIOCore
import ServiceLifecycle

struct PaymentCSV: Sendable {
    /// The Client-Id of each account's row id.
    let accounts: [Int64: String]
    let channels: ChannelNames
    let delimiter: Delimiter

    enum Delimiter: String, CaseIterable {
        case comma, semicolon

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            }
        }
    }

    private static let columns = [
        "date", "time", "customer", "invoice_number", "payment_code", "amount", "channel", "store",
        "transaction_id", "status", "decision", "note", "metadata", "payment_id",
        "paid_invoice_number", "account",
    ]

    private var opening: [UInt8] {
        var bytes: [UInt8] = []
        CSVLine.append(Self.columns, delimiter: delimiter.byte, to: &bytes)
        return bytes
    }

    /// Appends a line for each payment. A damaged payment has a line too: a file for accounting
    /// does not leave out money in silence.
    func write(_ list: PaymentList, to bytes: inout [UInt8]) {
        for record in list.records {
            CSVLine.append(
                cells(record, list.details[record.id] ?? .none), delimiter: delimiter.byte,
                to: &bytes)
        }
        for id in list.damaged {
            let cells = Self.columns.map { column in
                switch column {
                case "status": "damaged"
                case "payment_id": "\(id)"
                default: ""
                }
            }
            CSVLine.append(cells, delimiter: delimiter.byte, to: &bytes)
        }
    }

    private func cells(_ payment: PaymentRecord, _ details: PaymentDetails) -> [String] {
        let (date, time) = Self.clock(payment.accountedAt)
        let resolution = payment.resolution
        return [
            date, time, details.customer, details.billInvoiceNumber ?? payment.invoiceNumber,
            payment.paymentCode, payment.amount?.description, channels.name(of: details.channelID),
            payment.store, payment.transactionID, payment.standing.rawValue,
            resolution?.action.rawValue, resolution?.note, details.metadata, "\(payment.id)",
            payment.invoiceNumber, accounts[payment.accountID],
        ].map { PartGuard.guarded($0 ?? "", in: delimiter.byte) }
    }

    /// Returns the date and the time in Jakarta, `2026-11-30` and `14:00:05`.
    private static func clock(_ moment: Moment) -> (date: String, time: String) {
        let text = moment.wibText
        return (String(text.prefix(10)), String(text.dropFirst(11).prefix(8)))
    }
}

extension PaymentCSV {
    /// Returns all payments of a filter as a streamed response.
    func response(
        _ filter: PaymentFilter, _ order: PaymentOrder, in store: Store,
        damaged: @escaping @Sendable (StoreFault) -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: opening))
            var position: PaymentPosition?
            repeat {
                if Task.isShuttingDownGracefully { throw CancellationError() }
                let list = try await store.payments(
                    filter, order: order, after: position, limit: Limits.paymentFileRowsAtOnce,
                    damaged: damaged)
                var bytes: [UInt8] = []
                write(list, to: &bytes)
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                position = list.next
            } while position != nil
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"payments.csv\"",
            ], body: body)
    }
}
