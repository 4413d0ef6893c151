// The bodies of an inquiry and of its answer.

struct Inquiry: Decodable {
    struct Identified<ID: Decodable>: Decodable {
        let id: ID
    }

    struct Info: Decodable {
        let paymentCode: String

        enum CodingKeys: String, CodingKey {
            case paymentCode = "payment_code"
        }
    }

    struct Asked: Decodable {
        let date: String?
    }

    let service: Identified<String>
    let channel: Identified<Channel>
    let info: Info
    let asked: Asked?

    enum CodingKeys: String, CodingKey {
        case service, channel
        case info = "online_to_offline_info"
        case asked = "online_to_offline_inquiry"
    }
}

struct Answer: Encodable {
    struct Order: Encodable {
        let invoiceNumber: String
        let amount: Int64

        enum CodingKeys: String, CodingKey {
            case invoiceNumber = "invoice_number"
            case amount
        }
    }

    struct Info: Encodable {
        let paymentCode: String
        var info1: String?

        enum CodingKeys: String, CodingKey {
            case paymentCode = "payment_code"
            case info1
        }
    }

    struct Customer: Encodable {
        let name: String
    }

    var order: Order?
    var info: Info?
    let outcome: Outcome
    var customer: Customer?

    enum CodingKeys: String, CodingKey {
        case order, customer
        case info = "online_to_offline_info"
        case outcome = "online_to_offline_inquiry"
    }

    static func decline(_ status: Outcome.Status, code: String? = nil) -> Answer {
        Answer(info: code.map { Info(paymentCode: $0) }, outcome: Outcome(status: status))
    }
}

struct Outcome: Encodable {
    enum Status: String, Encodable {
        case success, decline
        case notFound = "billing_not_found"
        case alreadyPaid = "billing_already_paid"
        case expired = "billing_was_expired"
        case invalidSignature = "invalid_signature"
    }

    let status: Status
}
