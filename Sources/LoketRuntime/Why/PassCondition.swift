// The condition under which an inquiry would have passed, for each guard. It is derived from the
// present settings, the journal's row, and the bill at that time and now.

import LoketCore
import LoketStore

struct PassCondition {
    let settings: Settings
    /// The accounts that the caller may see.
    let accounts: [Settings.Account]
    let clientIDs: [Int64: String]
    let entry: JournalEntry
    let then: Bill?
    let now: BillRecord?
    /// The present bills with the code, of accounts that the caller may see.
    let billsOfCode: [BillRecord]
    /// The ids of damaged bills with the code.
    let damaged: [Int64]
    /// Bills with a similar code, if no bill has the code itself.
    let near: NearBills
    let pause: PauseSnapshot?

    /// The condition as text; nil if the inquiry passed.
    var text: String? {
        switch entry.answeredBy {
        case .payable: nil
        case .stale: clock
        case .unreadable:
            "The body must be strict JSON with service.id, channel.id and "
                + "online_to_offline_info.payment_code as strings, as DOKU sends it. Check the "
                + "proxy in front of loket: the signature was right, so the sender signed "
                + "exactly this body."
        case .serviceUnknown:
            "service.id must be ONLINE_TO_OFFLINE. Another DOKU service uses this URL: "
                + "register a separate URL for that service."
        case .channelUnknown: channelUnknown
        case .codeMalformed:
            "The payment code must have 1 to \(Limits.paymentCodeDigitsMax) digits. "
                + "The request had \(entry.codeText.map { "`\($0)`" } ?? "no payment code")."
        case .binUnknown: binUnknown
        case .lengthWrong: lengthWrong
        case .channelNotEnabled: channelNotEnabled
        case .paused: paused
        case .billUnknown: billUnknown
        case .billCancelled: "The code needs an open bill. " + last("cancelled", "cancelled")
        case .billHeld: billHeld
        case .billDamaged: wholeBill
        case .billPaid: billPaid
        case .billExpired: billExpired
        case .billNotYetValid: billNotYetValid
        case .noRoomForSuffix:
            "Use an invoice number of \(Limits.invoiceNumberMax - InvoiceSuffix.length - 1) "
                + "characters at most, or set `invoice_per_inquiry: never` in the settings."
        case .overloaded:
            "The inquiry waited over \(settings.limits.answerMilliseconds) ms: send fewer at once, "
                + "or add cores. The same inquiry is answered when it is sent again."
        case .storeFailed:
            "The database must answer within \(settings.limits.answerMilliseconds) ms. The log "
                + "and /ready show why it did not. The same inquiry is answered when it is sent "
                + "again."
        case .journalFull:
            "The disk must be fast enough for the journal. The log and /ready say if it is not."
        }
    }

    // MARK: Conditions of the settings

    private var clock: String {
        let reading = ClockReading(
            skewMilliseconds: entry.skewMilliseconds,
            allowedSeconds: settings.limits.timestampSeconds)
        guard let finding = reading.finding else {
            return "The request's timestamp is within the \(settings.limits.timestampSeconds) s "
                + "that `limits.timestamp_seconds` allows now: the setting was smaller then."
        }
        return finding.fix
    }

    private var own: Settings.Account? {
        accounts.first { $0.clientID == clientIDs[entry.accountID] }
    }

    private var code: PaymentCode? { entry.codeText.flatMap { PaymentCode($0) } }
    private var bin: BIN? { code.flatMap { own?.bins.bin(of: $0) } }

    private var channelUnknown: String {
        let known = settings.channels.values.map(\.id).sorted().joined(separator: ", ")
        return "channel.id must be one of the ids under `channels` in the settings: \(known). "
            + "The request had \(entry.channel.map { "`\($0)`" } ?? "no channel.id")."
    }

    private var binUnknown: String {
        if let bin {
            return "The BIN \(bin.digits) is configured now, but was not when the inquiry came."
        }
        let bins = own?.bins.bins.map(\.digits).joined(separator: ", ") ?? ""
        let configured = bins.isEmpty ? "no BIN is configured" : "configured are \(bins)"
        let other = code.flatMap { code in
            accounts.first { $0.clientID != own?.clientID && $0.bins.bin(of: code) != nil }
        }
        let hint = other.map { " The account `\($0.clientID)` has a BIN for the code." } ?? ""
        return "The code must begin with a BIN of the account; \(configured). Add the BIN under "
            + "`bins` of the account, or use codes that begin with a configured BIN." + hint + meant
    }

    private var lengthWrong: String {
        guard let bin, let code else { return "A configured BIN must allow the code's length." }
        let allowed = bin.codeLength
        let today = allowed.contains(code.length) ? ", a length that is allowed now" : ""
        return "A code of the BIN \(bin.digits) must have \(allowed.lowerBound) to "
            + "\(allowed.upperBound) digits, the BIN included; this code has "
            + "\(code.length)\(today). The BIN's `code_length` sets this range, up to "
            + "\(Limits.paymentCodeDigitsMax)." + meant
    }

    private var channelNotEnabled: String {
        let channel = entry.channel ?? "the channel"
        guard let bin else { return "The BIN must be enabled for `\(channel)`." }
        let enabled = bin.channels.map(\.rawValue).sorted().joined(separator: ", ")
        let direct =
            channel == Channel.indomaret.rawValue && bin.type != .direct
            ? " Indomaret accepts direct BINs only, and this BIN is not direct." : ""
        return "`channels` of the BIN \(bin.digits) must contain `\(channel)`; enabled now: "
            + "\(enabled)." + direct
    }

    private var paused: String {
        guard let pause else {
            return "Inquiries must not be paused: run `loket resume`. Who paused them is unknown."
        }
        let scope = pause.accountID == nil ? "all inquiries" : "the account's inquiries"
        let reason = pause.reason.map { ": \($0)" } ?? ""
        let end =
            pause.resumedAt.map { "They were resumed at \($0.utcText)." }
            ?? "They are still paused: run `loket resume`."
        return "Inquiries must not be paused. `\(pause.actor)` paused \(scope) at "
            + "\(pause.pausedAt.utcText)\(reason). " + end
    }

    // MARK: Conditions of the bill

    private var here: BillRecord? { billsOfCode.first { $0.accountID == entry.accountID } }

    private func later(_ record: BillRecord) -> String {
        let name = "The bill \(record.bill.id) (\(record.bill.invoiceNumber.text))"
        let later = record.createdAt.milliseconds - entry.receivedAt.milliseconds
        return later >= 0
            ? "\(name) was created \(span(milliseconds: later)) after the inquiry."
            : "\(name) was being created when the inquiry arrived."
    }

    private var billUnknown: String {
        if let here { return later(here) }
        if let there = billsOfCode.first {
            return "Only `\(clientIDs[there.accountID] ?? "unknown")` has a bill for the code."
        }
        return "The code needs a bill: run `loket bills add`." + meant
    }

    /// A further sentence with the bills of similar codes; empty if there are none.
    private var meant: String {
        let text = code.flatMap { near.text(asked: $0, at: entry.receivedAt) }
        return text.map { " Was another code meant? " + $0 } ?? ""
    }

    private var billHeld: String {
        let holding = now?.heldBy ?? []
        guard !holding.isEmpty else {
            let isHeld = now?.bill.state == .held
            return "The payment that holds the bill needed a decision"
                + (isHeld
                    ? ": run `loket payments list --needs-attention`. "
                    : ", which was made since. ")
                + last("held", "held")
        }
        let list = holding.map { $0.words(of: now?.bill) }.joined(separator: "; ")
        let ids = holding.map { "`loket payments show \($0.id)`" }.joined(separator: ", ")
        return "The bill is held until you decide about: \(list). Run \(ids) to see the possible "
            + "decisions. " + last("held", "held")
    }

    private var billPaid: String {
        let elsewhere = now?.bill.cancelReason == Bill.paidElsewhere
        return "The refusal was right: a single-use bill can be paid once. For another payment, "
            + "add another bill, or a `reusable` bill. "
            + (elsewhere
                ? "It was cancelled as \(Bill.paidElsewhere). " + last("cancelled", "cancelled")
                : last("paid", "paid"))
    }

    private var billExpired: String {
        let ended = (then?.expiresAt).map { end in
            let ago = entry.receivedAt.milliseconds - end.milliseconds
            return " The bill of this inquiry expired at \(end.utcText), "
                + "\(span(milliseconds: ago)) before the inquiry."
        }
        return unexpiredBill + (ended ?? "")
    }

    private var billNotYetValid: String {
        let begins = then?.validFrom ?? now?.bill.validFrom
        return "The bill can be paid from \(begins?.utcText ?? "its `valid_from`") on. For an "
            + "earlier time, change `valid_from`: PATCH /admin/v1/bills/"
            + "\(entry.billID.map(String.init) ?? "{id}")."
    }

    /// Only an open bill can be changed, and no other bill can have the code of a held bill.
    private var unexpiredBill: String {
        switch now?.bill.state {
        case .open:
            "The bill needs a later `expires_at`: PATCH "
                + "/admin/v1/bills/\(entry.billID.map(String.init) ?? "{id}"). Or add a new bill."
        case .held:
            "The bill needs a later `expires_at`, after you decide about the payment on it: "
                + (now?.heldBy ?? []).map { $0.words(of: now?.bill) }.joined(separator: "; ")
                + "."
        case .paid, .cancelled, .replaced:
            newerBill
                ?? "The code needs a new bill (`loket bills add`): this bill is now "
                + "\(now?.bill.state.rawValue ?? "") and cannot be changed."
        case nil: wholeBill
        }
    }

    /// The newer open bill with the same code; nil if there is none.
    private var newerBill: String? {
        guard let here, here.bill.id != entry.billID, here.bill.state == .open else { return nil }
        return later(here)
    }

    private var wholeBill: String {
        let bad = (entry.billID ?? damaged.first).map {
            "the row of bill \($0) does not: " + damagedBillRemedy("\($0)")
        }
        return "The bill's row must match its checksum; \(bad ?? "it does now")."
    }

    /// Returns a sentence about the bill's last change of a kind before the inquiry; empty if none.
    private func last(_ change: String, _ word: String) -> String {
        let found = now?.history.last {
            $0.change == change && $0.at.milliseconds <= entry.receivedAt.milliseconds
        }
        guard let found else { return "" }
        let who = found.actor.map { " by `\($0)`" } ?? ""
        let payment = found.paymentID.map { " by payment \($0)" } ?? ""
        let why = found.detail.map { " (\($0))" } ?? ""
        return "The bill was \(word)\(who)\(payment) at \(found.at.utcText)\(why)."
    }
}
