// The stories: the actions of DOKU and the merchant, and the expected results, written by hand. The
// expectations share no rule with the service. ScenarioWords defines their wording.

extension Scenario {
    private static let payable = "200 success 150000, verified"
    private static let declined = "400 decline, verified"
    private static let alreadyPaid = "400 billing_already_paid, verified"
    private static let taken = "200 echoed, verified"

    static let stories = plain + moneyThatDoesNotFit + numbersAndCodes + whatIsNoPayment

    private static let plain = [
        Story(
            title: "a payment, its repeats, and a second payment",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the customer pays", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
                Step("the counter sends another inquiry", .inquire, alreadyPaid),
                Step(
                    "the same notification again", .repeatLast,
                    "200 same bytes, verified; settled; bill paid, 150000 received"),
                Step(
                    "the same payment under a new Request-Id", .redeliver,
                    "\(taken); settled [2 deliveries]; bill paid, 150000 received"),
                Step(
                    "a customer pays the bill again", .notify(Delivery(sale: 2)),
                    "\(taken); settled [2 deliveries] + duplicate [needs attention]; "
                        + "bill paid, 150000 received"),
                Step(
                    "the merchant refunds the second payment", .resolve("refunded"),
                    "200; settled [2 deliveries] + duplicate [refunded]; "
                        + "bill paid, 150000 received"),
            ]),
        Story(
            title: "a reusable bill, paid twice", isReusable: true,
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the first customer pays", .notify(Delivery()),
                    "\(taken); settled; bill open, 150000 received"),
                Step("the counter sends another inquiry", .inquire, payable),
                Step(
                    "the second customer pays", .notify(Delivery(sale: 2)),
                    "\(taken); settled; bill open, 300000 received"),
                Step(
                    "the second notification again", .repeatLast,
                    "200 same bytes, verified; settled; bill open, 300000 received"),
            ]),
    ]

    private static let moneyThatDoesNotFit = [
        Story(
            title: "an amount that the bill never had",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the customer pays 149000", .notify(Delivery(number: .own, amount: 149_000)),
                    "\(taken); amount_mismatch [149000, needs attention]; "
                        + "bill held, 0 received"),
                Step("an inquiry while the bill is held", .inquire, declined),
                Step(
                    "the merchant refunds the payment", .resolve("refunded"),
                    "200; amount_mismatch [149000, refunded]; bill open, 0 received"),
                Step("the counter sends another inquiry", .inquire, payable),
                Step(
                    "the customer pays the right amount", .notify(Delivery(number: .own, sale: 2)),
                    "\(taken); amount_mismatch [149000, refunded] + settled; "
                        + "bill paid, 150000 received"),
            ]),
        Story(
            title: "an amount that the bill had before an edit",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the merchant changes the amount to 175000", .edit(amount: 175_000),
                    "200; bill open, 0 received"),
                Step("the counter sends another inquiry", .inquire, "200 success 175000, verified"),
                Step(
                    "the customer pays the first amount",
                    .notify(Delivery(aheadSeconds: 120)),
                    "\(taken); settled [old_amount, needs attention]; "
                        + "bill paid, 150000 received"),
                Step(
                    "the merchant accepts the payment", .resolve("accept"),
                    "200; settled [old_amount, accept]; bill paid, 150000 received"),
            ]),
        Story(
            title: "a payment for a cancelled bill",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the merchant cancels the bill", .cancel, "200; bill cancelled, 0 received"),
                Step("the counter sends another inquiry", .inquire, declined),
                Step(
                    "the customer pays nevertheless", .notify(Delivery(amountForm: .string)),
                    "\(taken); after_cancel [needs attention]; bill cancelled, 0 received"),
                Step(
                    "the merchant accepts the payment", .resolve("accept"),
                    "200; settled [was after_cancel, accept]; bill paid, 150000 received"),
            ]),
        Story(
            title: "a late payment", expiresInSeconds: 3_600,
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "paid 16 minutes after the bill's expiry",
                    .notify(Delivery(amountForm: .decimal, aheadSeconds: 3_600 + 16 * 60)),
                    "\(taken); settled [late, needs attention]; bill paid, 150000 received"),
            ]),
    ]

    private static let numbersAndCodes = [
        Story(
            title: "a payment with the bill's invoice number and another code",
            steps: [
                Step(
                    "the payment is matched by invoice number",
                    .notify(Delivery(number: .own, code: .other)),
                    "\(taken); settled [code_differs, needs attention]; "
                        + "bill paid, 150000 received"),
                Step("an inquiry for the bill's code", .inquire, alreadyPaid),
            ]),
        Story(
            title: "an unknown invoice number with the bill's code",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "a payment arrives", .notify(Delivery(number: .unknown)),
                    "\(taken); unmatched [needs attention, no bill]; bill held, 0 received"),
                Step("an inquiry while the bill is held", .inquire, declined),
                Step(
                    "the payment is accepted for the bill",
                    .resolve("accept", namingBill: true),
                    "200; settled [was unmatched, accept]; bill paid, 150000 received"),
                Step("the counter sends another inquiry", .inquire, alreadyPaid),
            ]),
        Story(
            title: "an unknown invoice number, whose payment the merchant dismisses",
            steps: [
                Step(
                    "a payment arrives", .notify(Delivery(number: .unknown)),
                    "\(taken); unmatched [needs attention, no bill]; bill held, 0 received"),
                Step(
                    "the merchant dismisses the payment", .resolve("dismiss"),
                    "200; unmatched [dismiss, no bill]; bill open, 0 received"),
                Step("the counter sends an inquiry", .inquire, payable),
            ]),
        Story(
            title: "an unknown invoice number with a code of another merchant",
            steps: [
                Step(
                    "the payment is excluded", .notify(Delivery(number: .unknown, code: .foreign)),
                    "\(taken); foreign [no bill]; bill open, 0 received")
            ]),
        Story(
            title: "the bill's number and code in a notification of another service",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the payment is excluded",
                    .notify(Delivery(service: "VIRTUAL_ACCOUNT")),
                    "\(taken); foreign [no bill]; bill open, 0 received"),
                Step("the counter sends another inquiry", .inquire, payable),
            ]),
    ]

    private static let whatIsNoPayment = [
        Story(
            title: "FAILED, then SUCCESS",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the payment fails", .notify(Delivery(status: "FAILED")),
                    "\(taken); no payment, not_success; bill open, 0 received"),
                Step("the counter sends another inquiry", .inquire, payable),
                Step(
                    "the same payment then succeeds", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
            ]),
        Story(
            title: "SUCCESS, then FAILED",
            steps: [
                Step("the counter sends an inquiry", .inquire, payable),
                Step(
                    "the customer pays", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
                Step(
                    "a FAILED notification of the same payment",
                    .notify(Delivery(status: "FAILED")),
                    "\(taken); settled; bill paid, 150000 received"),
                Step("the counter sends another inquiry", .inquire, alreadyPaid),
            ]),
        Story(
            title: "notifications that cannot be read",
            steps: [
                Step(
                    "a body that is cut off", .notify(Delivery(spoiling: .cutOff)),
                    "200 {}, verified; unreadable [no amount, needs attention, no bill]; "
                        + "bill open, 0 received"),
                Step(
                    "a payment without an amount", .notify(Delivery(amount: nil)),
                    "200 {}, verified; unreadable [no amount, needs attention, no bill]; "
                        + "bill open, 0 received"),
                Step("the counter sends an inquiry", .inquire, payable),
            ]),
        Story(
            title: "a body that was changed after it was signed",
            steps: [
                Step(
                    "the changed notification is refused", .notify(Delivery(spoiling: .forged)),
                    "401 empty, not signed; no payment, not recorded; bill open, 0 received"),
                Step(
                    "the original notification is accepted", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
            ]),
    ]
}
