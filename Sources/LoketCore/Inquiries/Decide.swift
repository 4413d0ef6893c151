// The guards of an inquiry, in their order; the first that fires answers. What comes before them
// (sizes, signature, JSON) is the gateway's and the wire's; what comes after is the reply's.

/// An inquiry as it was read: nil is "said something that we do not speak".
package struct Inquiry: Sendable {
    /// `service.id` is the one we speak.
    package let speaksService: Bool
    package let channel: Channel?
    package let paymentCode: PaymentCode?

    package init(speaksService: Bool, channel: Channel?, paymentCode: PaymentCode?) {
        self.speaksService = speaksService
        self.channel = channel
        self.paymentCode = paymentCode
    }
}

/// What the account has configured.
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

/// What can be said before the database is asked: the guard that declines, or the code to look up.
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

/// What the bill says, at this instant. An inquiry changes nothing.
///
/// - Parameter suffix: names this inquiry; used where the answer needs a number of its own.
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

    let paidElsewhere = bill.state == .cancelled && bill.cancelReason == Bill.paidElsewhere
    if bill.state == .cancelled, !paidElsewhere { return .declined(.billCancelled, bill: bill) }
    if bill.state == .held { return .declined(.billHeld, bill: bill) }
    if bill.state == .paid || paidElsewhere { return .declined(.billPaid, bill: bill) }
    if bill.state == .replaced || bill.isExpired(at: now) {
        return .declined(.billExpired, bill: bill)
    }

    guard terms.invoicePerInquiry.suffixes(reusableBill: bill.reusable) else {
        return .payable(
            Quote(bill: bill, invoiceNumber: bill.invoiceNumber, isPerInquiry: false))
    }
    // A bill taken while the setting was narrower may leave no room: rather no sale than a
    // number that its payment could not be traced by.
    guard let number = bill.invoiceNumber.with(suffix()) else {
        return .declined(.noRoomForSuffix, bill: bill)
    }
    return .payable(Quote(bill: bill, invoiceNumber: number, isPerInquiry: true))
}

extension Guard: Error {}
