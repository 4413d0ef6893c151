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
    private let invoicePerInquiry: InvoicePerInquiry
    private let channels: [Channel: Settings.ChannelTerms]

    /// The accounts as they are at this moment.
    ///
    /// - Parameter accountID: the only account that may be meant; nil: every one.
    init(
        directory: Directory, channels: [Channel: Settings.ChannelTerms], only accountID: Int64?
    ) {
        ids = directory.ids
        accounts = directory.accounts.filter { [ids] account in
            accountID == nil || ids[account.clientID] == accountID
        }
        invoicePerInquiry = directory.current.invoicePerInquiry
        self.channels = channels
    }

    /// - Parameter clientID: the account that is asked for, where two have the BIN.
    func accountID(of draft: BillDraft, clientID: String? = nil) throws(Misfit) -> Int64 {
        let candidates = accounts.filter { clientID == nil || $0.clientID == clientID }
        guard !candidates.isEmpty else {
            throw Misfit(field: "account", detail: "is no configured Client-Id")
        }
        let code = draft.paymentCode
        let holders = candidates.filter { $0.bins.bin(of: code) != nil }
        guard !holders.isEmpty else {
            throw Misfit(
                field: "payment_code",
                detail: "begins with no configured BIN; see `accounts` in the settings")
        }
        guard holders.count == 1, let holder = holders.first,
            let bin = holder.bins.bin(of: code), let id = ids[holder.clientID]
        else {
            throw Misfit(field: "account", detail: "is needed: two accounts have this BIN")
        }
        guard bin.codeLength.contains(code.length) else {
            let bounds = "\(bin.codeLength.lowerBound) to \(bin.codeLength.upperBound)"
            throw Misfit(
                field: "payment_code",
                detail: "has \(code.length) digits; codes of BIN \(bin.digits) have \(bounds)")
        }
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
        return id
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
