// The checks (guards) of an inquiry, in order; the first that fails determines the answer. Gateway
// and wire code check sizes, signature and JSON before; the reply is built after.

/// A parsed inquiry. A field is nil if its value is not supported.
package struct Inquiry: Sendable {
    /// Whether `service.id` is the supported service.
    package let speaksService: Bool
    package let channel: Channel?
    package let paymentCode: PaymentCode?

    package init(speaksService: Bool, channel: Channel?, paymentCode: PaymentCode?) {
        self.speaksService = speaksService
        self.channel = channel
        self.paymentCode = paymentCode
    }
}

/// The settings of the account.
package struct AccountRules: Sendable {
    package let bins: BINTable
    package let isPaused: Bool
    package let invoicePerInquiry: InvoicePerInquiry

    package init(bins: BINTable, isPaused: Bool, invoicePerInquiry: InvoicePerInquiry) {
        self.bins = bins
        self.isPaused = isPaused
        self.invoicePerInquiry = invoicePerInquiry
    }
}

/// Checks an inquiry without the database.
///
/// - Returns: the code to look up, or the guard that declines.
package func screen(_ inquiry: Inquiry, under terms: AccountRules) -> Result<PaymentCode, Guard> {
    guard inquiry.speaksService else { return .failure(.serviceUnknown) }
    guard let channel = inquiry.channel else { return .failure(.channelUnknown) }
    guard let code = inquiry.paymentCode else { return .failure(.codeMalformed) }
    guard let bin = terms.bins.bin(of: code) else { return .failure(.binUnknown) }
    guard bin.codeLength.contains(code.length) else { return .failure(.lengthWrong) }
    guard bin.channels.contains(channel) else { return .failure(.channelNotEnabled) }
    guard !terms.isPaused else { return .failure(.paused) }
    return .success(code)
}

/// Decides from the bill's state at `now`. An inquiry changes nothing.
///
/// - Parameter suffix: the suffix of this inquiry, for an answer with a separate invoice number.
package func decide(
    _ found: LookupResult, under terms: AccountRules, now: Moment,
    suffix: @autoclosure () -> InvoiceSuffix
) -> Decision {
    let bill: Bill
    switch found {
    case .nothing: return .declined(.billUnknown, bill: nil)
    case .damaged: return .declined(.billDamaged, bill: nil)
    case .bill(let row): bill = row
    }

    if let refusal = bill.refusal(at: now) { return .declined(refusal, bill: bill) }
    let amount = bill.amounts.amount(at: now)
    guard terms.invoicePerInquiry.suffixes(bill.isQuotedRepeatedly) else {
        return .payable(
            Quote(
                bill: bill, amount: amount, invoiceNumber: bill.invoiceNumber,
                isPerInquiry: false))
    }
    // A bill created under a narrower setting may leave no room for the suffix. Declining is
    // better than an invoice number that does not lead from the payment to the bill.
    guard let number = bill.invoiceNumber.with(suffix()) else {
        return .declined(.noRoomForSuffix, bill: bill)
    }
    return .payable(
        Quote(bill: bill, amount: amount, invoiceNumber: number, isPerInquiry: true))
}

extension Bill {
    /// Returns the guard that declines inquiries for the bill at `now`; nil if it can be paid.
    package func refusal(at now: Moment) -> Guard? {
        switch state {
        case .cancelled: return cancelReason == Self.paidElsewhere ? .billPaid : .billCancelled
        case .held: return .billHeld
        case .paid: return .billPaid
        case .replaced: return .billExpired
        case .open: break
        }
        if isExpired(at: now) { return .billExpired }
        return isNotYetValid(at: now) ? .billNotYetValid : nil
    }
}

extension Guard: Error {}
