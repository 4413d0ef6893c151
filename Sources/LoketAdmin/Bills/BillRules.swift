// The account of a bill, found by the configured BINs, and the checks of a bill against its BIN.
// The rules are the same for a bill in a request and a row in a file.

import BillFiles
import LoketCore
import LoketRuntime

struct BillRules: Sendable {
    /// A rule that a bill breaks.
    struct BillRuleViolation: Error {
        /// The name of the wrong field.
        let field: String
        let detail: String
    }

    private let accounts: [Settings.Account]
    private let ids: [String: Int64]
    private let onlyID: Int64?
    private let invoicePerInquiry: InvoicePerInquiry
    private let channels: [Channel: Settings.ChannelTerms]

    /// Uses the accounts as currently configured.
    ///
    /// - Parameter accountID: the only account allowed; nil for every account.
    init(
        registry: AccountRegistry, channels: [Channel: Settings.ChannelTerms],
        only accountID: Int64?
    ) {
        ids = registry.ids
        onlyID = accountID
        accounts = registry.accounts.filter { [ids] account in
            accountID == nil || ids[account.clientID] == accountID
        }
        invoicePerInquiry = registry.current.invoicePerInquiry
        self.channels = channels
    }

    /// Whether a named Client-Id differs from the only account allowed. A caller that may not see
    /// an account does not learn whether it exists.
    func forbids(_ clientID: String) -> Bool {
        onlyID != nil && ids[clientID] != onlyID
    }

    /// The values that a BIN has rules for; nil if unreadable.
    struct Terms {
        let amounts: DatedAmounts?
        let number: InvoiceNumber?
        let reusable: Bool

        /// As `Bill.isQuotedRepeatedly`.
        var isQuotedRepeatedly: Bool { reusable || amounts?.isDated ?? false }
    }

    /// The account of a bill, and all violations of its rules.
    struct Place {
        /// Nil if no account was found.
        var accountID: Int64?
        /// Nil unless a code is to be generated.
        var codes: CodeSpace?
        var misfits: [BillRuleViolation] = []
    }

    // MARK: The account of a bill

    /// - Parameter clientID: the requested account; needed if two accounts have the BIN.
    func place(of draft: BillDraft, clientID: String?) -> Place {
        place(
            draft.paymentCode,
            Terms(
                amounts: draft.amounts, number: draft.invoiceNumber, reusable: draft.reusable),
            clientID: clientID)
    }

    /// Checks a bill with a whole code.
    func place(_ code: PaymentCode, _ terms: Terms, clientID: String?) -> Place {
        place(clientID, field: "payment_code") {
            $0.bin(of: code)
        } judge: { holder in
            judge(code, of: holder.bin, field: "payment_code") + judge(terms, of: holder.bin)
        }
    }

    /// Checks a bill whose code is given as BIN and unique code.
    func place(
        _ code: PaymentCode, bin digits: String, _ terms: Terms, clientID: String?
    ) -> Place {
        place(clientID, field: "bin") { table in
            table.bins.first { $0.digits == digits }
        } judge: { holder in
            var misfits = judge(code, of: holder.bin, field: "unique_code")
            if let other = holder.bins.bin(of: code), other != holder.bin {
                misfits = [
                    BillRuleViolation(
                        field: "unique_code",
                        detail: "gives a code of the longer BIN \(other.digits); send the longer "
                            + "BIN as `bin`")
                ]
            }
            return misfits + judge(terms, of: holder.bin)
        }
    }

    /// Checks a bill whose code is to be generated.
    func place(
        making digits: String, hasCheckDigit: Bool, _ terms: Terms, clientID: String?
    ) -> Place {
        var codes: CodeSpace?
        var place = place(clientID, field: "bin") { table in
            table.bins.first { $0.digits == digits }
        } judge: { holder in
            codes = CodeSpace(holder.bin, in: holder.bins, hasCheckDigit: hasCheckDigit)
            return judge(terms, of: holder.bin)
        }
        place.codes = codes
        return place
    }

    private func place(
        _ clientID: String?, field: String, _ bin: (BINTable) -> BIN?,
        judge: (Holder) -> [BillRuleViolation]
    ) -> Place {
        do throws(BillRuleViolation) {
            let holder = try holder(clientID, field: field, bin)
            return Place(accountID: holder.accountID, misfits: judge(holder))
        } catch {
            return Place(accountID: only(clientID), misfits: [error])
        }
    }

    /// Returns the only possible account if no BIN matches.
    private func only(_ clientID: String?) -> Int64? {
        let candidates = accounts.filter { clientID == nil || $0.clientID == clientID }
        return candidates.count == 1 ? candidates.first.flatMap { ids[$0.clientID] } : nil
    }

    // MARK: The account of a BIN

    private struct Holder {
        let accountID: Int64
        let bin: BIN
        let bins: BINTable
    }

    /// - Parameters:
    ///   - field: the field to report if no account has the BIN.
    ///   - bin: returns the matching BIN of an account.
    private func holder(
        _ clientID: String?, field: String, _ bin: (BINTable) -> BIN?
    ) throws(BillRuleViolation) -> Holder {
        let candidates = accounts.filter { clientID == nil || $0.clientID == clientID }
        guard !candidates.isEmpty else {
            throw BillRuleViolation(field: "account", detail: "is not a configured Client-Id")
        }
        let holders = candidates.compactMap { account in
            bin(account.bins).flatMap { bin in
                ids[account.clientID].map {
                    Holder(accountID: $0, bin: bin, bins: account.bins)
                }
            }
        }
        guard let holder = holders.first else {
            let verb = field == "bin" ? "is not" : "does not begin with"
            throw BillRuleViolation(
                field: field,
                detail: "\(verb) a configured BIN; see `accounts` in the settings")
        }
        guard holders.count == 1 else {
            throw BillRuleViolation(
                field: "account", detail: "is needed: two accounts have this BIN")
        }
        return holder
    }

    // MARK: The rules of a BIN

    private func judge(_ code: PaymentCode, of bin: BIN, field: String) -> [BillRuleViolation] {
        guard !bin.codeLength.contains(code.length) else { return [] }
        let (least, most) = (bin.codeLength.lowerBound, bin.codeLength.upperBound)
        let bounds = least == most ? "\(least)" : "\(least) to \(most)"
        let whole = field == "payment_code" ? "has" : "gives a code of"
        return [
            BillRuleViolation(
                field: field,
                detail: "\(whole) \(code.length) digits; codes of BIN \(bin.digits) have \(bounds)")
        ]
    }

    private func judge(_ terms: Terms, of bin: BIN) -> [BillRuleViolation] {
        var misfits = terms.amounts.map { judge($0, of: bin) } ?? []
        if let number = terms.number, !number.takesSuffix,
            invoicePerInquiry.suffixes(terms.isQuotedRepeatedly)
        {
            misfits.append(
                BillRuleViolation(
                    field: "invoice_number",
                    detail: "must have at most \(InvoiceNumber.ownMaxWhereSuffixed) characters, "
                        + "because every inquiry adds a suffix to it"))
        }
        return misfits
    }

    /// Checks new terms of an existing bill against the bill's BIN.
    func judge(_ terms: Terms, of code: PaymentCode, accountID: Int64) -> [BillRuleViolation] {
        let account = accounts.first { ids[$0.clientID] == accountID }
        return account?.bins.bin(of: code).map { judge(terms, of: $0) } ?? []
    }

    /// Returns a hint for a code without a BIN that would have one with leading zeros, which a
    /// spreadsheet may remove; empty if that does not apply.
    func lostZeros(in code: PaymentCode?, at field: String) -> String {
        guard field == "payment_code", let code else { return "" }
        let bins = BINTable(accounts.flatMap(\.bins.bins))
        guard let code = LostZeros.suspects(code, bins: bins) else { return "" }
        return "; a spreadsheet may have removed the leading zeros of \(code): format the column "
            + "as text and enter the code again"
    }

    /// The amount must be within the limits of every channel of the BIN, so that every counter
    /// accepts it.
    private func judge(_ amounts: DatedAmounts, of bin: BIN) -> [BillRuleViolation] {
        let all = amounts.steps.map(\.amount) + [amounts.last]
        return all.enumerated().flatMap { index, amount in
            judge(amount, of: bin, field: amounts.isDated ? "amounts/\(index)/amount" : "amount")
        }
    }

    private func judge(_ amount: Rupiah, of bin: BIN, field: String) -> [BillRuleViolation] {
        let channel = bin.channels.sorted { $0.rawValue < $1.rawValue }.first { channel in
            let terms = channels[channel]
            return amount < terms?.amountMin ?? amount || amount > terms?.amountMax ?? amount
        }
        return channel.map { channel in
            [
                BillRuleViolation(
                    field: field,
                    detail: "is outside the limits of \(channel.rawValue); see `channels` in the "
                        + "settings")
            ]
        } ?? []
    }
}
