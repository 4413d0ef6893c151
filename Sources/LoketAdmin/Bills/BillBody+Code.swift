// The code of a bill in an admin request: a whole code, a BIN with a unique code, or only a BIN,
// for which a code is generated. Then the account that the code belongs to.

import LoketCore
import LoketJSON

extension BillBody {
    /// The form of the given code.
    enum Code {
        case whole(PaymentCode)
        case parts(PaymentCode, bin: String)
        /// A BIN, stored as a `PaymentCode`; at most 24 digits.
        case made(bin: PaymentCode, hasCheckDigit: Bool)

        /// The digits of the draft's code; the BIN if the code is to be generated.
        var digits: PaymentCode {
            switch self {
            case .whole(let code), .parts(let code, _), .made(let code, _): code
            }
        }

        /// The code; nil if to be generated.
        var given: PaymentCode? {
            switch self {
            case .whole(let code), .parts(let code, _): code
            case .made: nil
            }
        }
    }

    /// - Parameter at: the JSON pointer to the bill.
    mutating func code(of value: JSONValue, at: String) -> Code? {
        let whole = value["payment_code"].present
        let bin = value["bin"].present
        let unique = value["unique_code"].present
        let wantsCheckDigit = flag(value["check_digit"], at: at + "/check_digit")
        if let whole, bin != nil || unique != nil {
            _ = digits(whole, at: at + "/payment_code")
            add(
                at + (bin == nil ? "/unique_code" : "/bin"),
                "cannot be combined with `payment_code`: send the whole code or its parts")
            return nil
        }
        guard bin != nil || unique != nil else {
            let code = digits(value["payment_code"], at: at + "/payment_code")
            if wantsCheckDigit { addCheckDigit(at) }
            return code.map(Code.whole)
        }
        guard let bin else {
            add(at + "/bin", "is required with `unique_code`")
            return nil
        }
        let prefix = digits(bin, at: at + "/bin")
        guard let unique else {
            return prefix.map { .made(bin: $0, hasCheckDigit: wantsCheckDigit) }
        }
        if wantsCheckDigit { addCheckDigit(at) }
        let rest = digits(unique, at: at + "/unique_code")
        guard let prefix, let rest else { return nil }
        guard let code = PaymentCode(prefix.digits + rest.digits) else {
            add(
                at + "/unique_code",
                "gives a code of more than \(Limits.paymentCodeDigitsMax) digits")
            return nil
        }
        return .parts(code, bin: prefix.digits)
    }

    private mutating func digits(_ value: JSONValue?, at: String) -> PaymentCode? {
        guard let code = value?.string.flatMap({ PaymentCode($0) }) else {
            add(at, "must be a string of 1 to \(Limits.paymentCodeDigitsMax) ASCII digits")
            return nil
        }
        return code
    }

    private mutating func addCheckDigit(_ at: String) {
        add(at + "/check_digit", "is only for generated codes: send `bin` without `unique_code`")
    }

    // MARK: The account of the code

    /// - Returns: nil if the code or the account could not be read.
    /// - Throws: `account_forbidden` if the bill names an account that the key may not use.
    mutating func place(
        _ code: Code?, _ terms: BillRules.Terms, account value: JSONValue?, at: String
    ) throws -> BillRules.Place? {
        var clientID: String?
        if let value = value.present {
            guard let text = value.string else {
                add(at + "/account", "must be a string with a Client-Id")
                return nil
            }
            guard !placement.forbids(text) else {
                throw Problem(
                    .accountForbidden, at: at + "/account", "is not the account of your key")
            }
            clientID = text
        }
        guard let code else { return nil }
        let place =
            switch code {
            case .whole(let whole): placement.place(whole, terms, clientID: clientID)
            case .parts(let whole, let bin):
                placement.place(whole, bin: bin, terms, clientID: clientID)
            case .made(let bin, let hasCheckDigit):
                placement.place(
                    making: bin.digits, hasCheckDigit: hasCheckDigit, terms, clientID: clientID)
            }
        for misfit in place.misfits { add(at + "/" + misfit.field, misfit.detail) }
        return place
    }
}

extension JSONValue? {
    /// The value; nil if it is absent or null.
    var present: JSONValue? { self?.isNull == false ? self : nil }
}
