// Whose code it is: the account of a bill by the BINs that are configured now, and what its BIN
// wants of it. The same for a bill in a request and for a row in a file.

import BillFiles
import LoketCore
import LoketStore

struct BillPlacement: Sendable {
    /// Why a bill has no place.
    struct Misfit: Error {
        /// The bill's field that is wrong.
        let field: String
        let detail: String
    }

    private let accounts: [Settings.Account]
    private let ids: [String: Int64]
    private let onlyID: Int64?
    private let invoicePerInquiry: InvoicePerInquiry
    private let channels: [Channel: Settings.ChannelTerms]

    /// The accounts as they are at this moment.
    ///
    /// - Parameter accountID: the only account that may be meant; nil: every one.
    init(
        directory: Directory, channels: [Channel: Settings.ChannelTerms], only accountID: Int64?
    ) {
        ids = directory.ids
        onlyID = accountID
        accounts = directory.accounts.filter { [ids] account in
            accountID == nil || ids[account.clientID] == accountID
        }
        invoicePerInquiry = directory.current.invoicePerInquiry
        self.channels = channels
    }

    /// Whether a Client-Id that is named is another than the only one that may be meant. Who may
    /// not see an account does not learn either whether there is one.
    func forbids(_ clientID: String) -> Bool {
        onlyID != nil && ids[clientID] != onlyID
    }

    /// - Parameter clientID: the account that is asked for, where two have the BIN.
    func accountID(of draft: BillDraft, clientID: String? = nil) throws(Misfit) -> Int64 {
        let code = draft.paymentCode
        let holder = try holder(clientID, field: "payment_code") { $0.bin(of: code) }
        try judge(code, of: holder.bin, field: "payment_code")
        try judge(draft, of: holder.bin)
        return holder.accountID
    }

    // MARK: A BIN and what stands behind it

    /// A code of which the BIN is given apart.
    ///
    /// - Returns: the account of the BIN.
    func accountID(
        of draft: BillDraft, bin digits: String, clientID: String?
    ) throws(Misfit) -> Int64 {
        let holder = try holder(bin: digits, clientID)
        if let other = holder.bins.bin(of: draft.paymentCode), other != holder.bin {
            throw Misfit(
                field: "unique_code",
                detail: "makes a code of the longer BIN \(other.digits); give that one as `bin`")
        }
        try judge(draft.paymentCode, of: holder.bin, field: "unique_code")
        try judge(draft, of: holder.bin)
        return holder.accountID
    }

    /// A bill whose code is to be made.
    func codes(
        of draft: BillDraft, bin digits: String, hasCheckDigit: Bool, clientID: String?
    ) throws(Misfit) -> (accountID: Int64, codes: CodeSpace) {
        let holder = try holder(bin: digits, clientID)
        try judge(draft, of: holder.bin)
        let codes = CodeSpace(holder.bin, in: holder.bins, hasCheckDigit: hasCheckDigit)
        return (holder.accountID, codes)
    }

    // MARK: Whose it is

    private struct Holder {
        let accountID: Int64
        let bin: BIN
        let bins: BINTable
    }

    private func holder(bin digits: String, _ clientID: String?) throws(Misfit) -> Holder {
        try holder(clientID, field: "bin") { table in
            table.bins.first { $0.digits == digits }
        }
    }

    /// - Parameters:
    ///   - field: what is wrong where no account has the BIN.
    ///   - bin: an account's BIN that is meant.
    private func holder(
        _ clientID: String?, field: String, _ bin: (BINTable) -> BIN?
    ) throws(Misfit) -> Holder {
        let candidates = accounts.filter { clientID == nil || $0.clientID == clientID }
        guard !candidates.isEmpty else {
            throw Misfit(field: "account", detail: "is no configured Client-Id")
        }
        let holders = candidates.compactMap { account in
            bin(account.bins).flatMap { bin in
                ids[account.clientID].map {
                    Holder(accountID: $0, bin: bin, bins: account.bins)
                }
            }
        }
        guard let holder = holders.first else {
            let verb = field == "bin" ? "is" : "begins with"
            throw Misfit(
                field: field,
                detail: "\(verb) no configured BIN; see `accounts` in the settings")
        }
        guard holders.count == 1 else {
            throw Misfit(field: "account", detail: "is needed: two accounts have this BIN")
        }
        return holder
    }

    // MARK: What the BIN wants

    private func judge(_ code: PaymentCode, of bin: BIN, field: String) throws(Misfit) {
        guard bin.codeLength.contains(code.length) else {
            let bounds = "\(bin.codeLength.lowerBound) to \(bin.codeLength.upperBound)"
            let whole = field == "payment_code" ? "has" : "makes a code of"
            throw Misfit(
                field: field,
                detail: "\(whole) \(code.length) digits; codes of BIN \(bin.digits) have "
                    + bounds)
        }
    }

    private func judge(_ draft: BillDraft, of bin: BIN) throws(Misfit) {
        try judge(draft.amount, of: bin)
        guard
            draft.invoiceNumber.takesSuffix
                || !invoicePerInquiry.suffixes(reusableBill: draft.reusable)
        else {
            throw Misfit(
                field: "invoice_number",
                detail: "has at most \(InvoiceNumber.ownMaxWhereSuffixed) characters where every "
                    + "inquiry adds a suffix to it")
        }
    }

    /// What the BIN of a bill that is there wants of a new amount.
    func judge(_ amount: Rupiah, of code: PaymentCode, accountID: Int64) throws(Misfit) {
        let account = accounts.first { ids[$0.clientID] == accountID }
        if let bin = account?.bins.bin(of: code) { try judge(amount, of: bin) }
    }

    /// What to say of a code without a BIN, where it would have one with the zeros that a
    /// spreadsheet takes away; empty where that is not it.
    func lostZeros(in draft: BillDraft, at field: String) -> String {
        guard field == "payment_code" else { return "" }
        let bins = BINTable(accounts.flatMap(\.bins.bins))
        guard let code = LostZeros.suspects(draft.paymentCode, bins: bins) else { return "" }
        return "; did a spreadsheet take its zeros away? \(code) would fit: format the column as "
            + "text and enter it anew"
    }

    /// A bill that no counter may take is no use to anybody: every channel of its BIN is asked.
    private func judge(_ amount: Rupiah, of bin: BIN) throws(Misfit) {
        for channel in bin.channels.sorted(by: { $0.rawValue < $1.rawValue }) {
            let terms = channels[channel]
            let least = terms?.amountMin ?? amount
            let most = terms?.amountMax ?? amount
            guard least <= amount, amount <= most else {
                throw Misfit(
                    field: "amount",
                    detail: "is outside what \(channel.rawValue) takes: see `channels`")
            }
        }
    }
}
