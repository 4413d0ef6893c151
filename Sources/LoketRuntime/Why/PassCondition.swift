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
            "A body that is strict JSON with service.id, channel.id and "
                + "online_to_offline_info.payment_code as strings, as DOKU sends it. Look at the "
                + "proxy in front of loket: the signature was right, so the sender signed "
                + "what came."
        case .serviceUnknown:
            "A body with service.id ONLINE_TO_OFFLINE. Another service of DOKU uses this URL: "
                + "give it its own."
        case .channelUnknown: channelUnknown
        case .codeMalformed:
            "A payment code of 1 to \(Limits.paymentCodeDigitsMax) digits; "
                + (entry.codeText.map { "`\($0)` came." } ?? "none came.")
        case .binUnknown: binUnknown
        case .lengthWrong: lengthWrong
        case .channelNotEnabled: channelNotEnabled
        case .paused: paused
        case .billUnknown: billUnknown
        case .billCancelled: "An open bill for this code. " + last("cancelled", "cancelled")
        case .billHeld: billHeld
        case .billDamaged: wholeBill
        case .billPaid: billPaid
        case .billExpired: billExpired
        case .noRoomForSuffix:
            "An invoice number of at most \(Limits.invoiceNumberMax - InvoiceSuffix.length - 1) "
                + "characters, or `invoice_per_inquiry: never` in the settings."
        case .overloaded:
            "Fewer inquiries at once, or more cores: it was not read within "
                + "\(settings.limits.answerMilliseconds) ms. The same inquiry is answered when it is sent again."
        case .storeFailed:
            "A database that answers within \(settings.limits.answerMilliseconds) ms. The log and "
                + "/ready show what was wrong with it. The same inquiry is answered when it is "
                + "sent again."
        case .journalFull:
            "A disk that keeps up with the journal. The log and /ready report when it does not."
        }
    }

    // MARK: Conditions of the settings

    private var clock: String {
        let reading = ClockReading(
            skewMilliseconds: entry.skewMilliseconds,
            allowedSeconds: settings.limits.timestampSeconds)
        guard let finding = reading.finding else {
            return "A request's time within the \(settings.limits.timestampSeconds) s that are "
                + "allowed today: it would pass now, so the setting was narrower then."
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
        return "A channel.id that `channels` in the settings names: \(known). "
            + (entry.channel.map { "`\($0)` came." } ?? "None came.")
    }

    private var binUnknown: String {
        if let bin {
            return "The BIN \(bin.digits), which is configured today and was not then."
        }
        let bins = own?.bins.bins.map(\.digits).joined(separator: ", ") ?? ""
        let configured = bins.isEmpty ? "none is configured" : "configured are \(bins)"
        let other = code.flatMap { code in
            accounts.first { $0.clientID != own?.clientID && $0.bins.bin(of: code) != nil }
        }
        let hint = other.map { " The account `\($0.clientID)` has one, but did not ask." } ?? ""
        return "A BIN of the account that begins the code; \(configured). Add it under `bins` of "
            + "the account, or give out codes that begin with one of these." + hint + meant
    }

    private var lengthWrong: String {
        guard let bin, let code else { return "A BIN that is configured and a code it allows." }
        let allowed = bin.codeLength
        let today = allowed.contains(code.length) ? "; today the length is allowed" : ""
        return "A code of \(allowed.lowerBound) to \(allowed.upperBound) digits under the BIN "
            + "\(bin.digits), the BIN included; this one has \(code.length)\(today). "
            + "`code_length` of the BIN changes that, up to \(Limits.paymentCodeDigitsMax)."
            + meant
    }

    private var channelNotEnabled: String {
        let channel = entry.channel ?? "the channel"
        guard let bin else { return "A BIN that is enabled for `\(channel)`." }
        let enabled = bin.channels.map(\.rawValue).sorted().joined(separator: ", ")
        let direct =
            channel == Channel.indomaret.rawValue && bin.type != .direct
            ? " Indomaret takes direct BINs only, and this is not one." : ""
        return "`\(channel)` among `channels` of the BIN \(bin.digits); enabled are \(enabled)."
            + direct
    }

    private var paused: String {
        guard let pause else {
            return "No pause. Who paused is not known any more; `loket resume` ends one."
        }
        let scope = pause.accountID == nil ? "all inquiries" : "the account's inquiries"
        let reason = pause.reason.map { ": \($0)" } ?? ""
        let end =
            pause.resumedAt.map { "They were resumed at \($0.utcText)." }
            ?? "They are paused still; `loket resume` ends it."
        return "No pause: `\(pause.actor)` paused \(scope) at \(pause.pausedAt.utcText)\(reason). "
            + end
    }

    // MARK: Conditions of the bill

    private var here: BillRecord? { billsOfCode.first { $0.accountID == entry.accountID } }

    private func later(_ record: BillRecord) -> String {
        let name = "The bill \(record.bill.id) (\(record.bill.invoiceNumber.text))"
        let later = record.createdAt.milliseconds - entry.receivedAt.milliseconds
        return later >= 0
            ? "\(name), which was made \(span(milliseconds: later)) after the inquiry."
            : "\(name), which was being made when the inquiry came."
    }

    private var billUnknown: String {
        if let here { return later(here) }
        if let there = billsOfCode.first {
            return "A bill of the account that asked: the one for this code belongs to "
                + "`\(clientIDs[there.accountID] ?? "another account")`."
        }
        return "A bill for this code: `loket bills add`." + meant
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
            return "A decision about the payment that came"
                + (isHeld
                    ? ": `loket payments list --needs-attention`. " : ", which was made since. ")
                + last("held", "held")
        }
        let list = holding.map { $0.words(of: now?.bill) }.joined(separator: "; ")
        let ids = holding.map { "`loket payments show \($0.id)`" }.joined(separator: ", ")
        return "A decision about what holds the bill: \(list). \(ids) shows what can be decided. "
            + last("held", "held")
    }

    private var billPaid: String {
        let elsewhere = now?.bill.cancelReason == Bill.paidElsewhere
        return "Nothing, and rightly: a single-use bill is paid once. A further payment needs a "
            + "further bill, or one that is `reusable`. "
            + (elsewhere
                ? "It was cancelled as \(Bill.paidElsewhere). " + last("cancelled", "cancelled")
                : last("paid", "paid"))
    }

    private var billExpired: String {
        let ended = (then?.expiresAt).map { end in
            let ago = entry.receivedAt.milliseconds - end.milliseconds
            return " The one asked for ended at \(end.utcText), "
                + "\(span(milliseconds: ago)) before the inquiry."
        }
        return unexpiredBill + (ended ?? "")
    }

    /// Only an open bill can be changed, and no other bill can have the code of a held bill.
    private var unexpiredBill: String {
        switch now?.bill.state {
        case .open:
            "A later `expires_at`: PATCH /admin/v1/bills/\(entry.billID.map(String.init) ?? "{id}")"
                + ", or a new bill for the code."
        case .held:
            "A later `expires_at`, once it is decided about what holds the bill: "
                + (now?.heldBy ?? []).map { $0.words(of: now?.bill) }.joined(separator: "; ")
                + "."
        case .paid, .cancelled, .replaced:
            newerBill
                ?? "A new bill for the code, `loket bills add`: this one is "
                + "\(now?.bill.state.rawValue ?? "") by now and cannot be changed."
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
            "that of bill \($0) does not: " + damagedBillRemedy("\($0)")
        }
        return "A bill whose row matches its checksum; \(bad ?? "this one's does by now")."
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

extension PaymentRecord {
    /// Returns a text such as `payment 5, Rp74.000 of Rp75.000, amount_mismatch`.
    func words(of bill: Bill?) -> String {
        let paid = amount.map { Rupiah.text(whole: $0) } ?? "an unknown amount"
        let whole = bill.map { " of \($0.amount.text)" } ?? ""
        return "payment \(id), \(paid)\(whole), \(standing.rawValue)"
    }
}
