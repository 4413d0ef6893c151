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
            title: "a payment, its repeats, and a second one",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the customer pays", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
                Step("the counter asks again", .inquire, alreadyPaid),
                Step(
                    "the same notification again", .repeatLast,
                    "200 same bytes, verified; settled; bill paid, 150000 received"),
                Step(
                    "the same payment under a new Request-Id", .redeliver,
                    "\(taken); settled [2 deliveries]; bill paid, 150000 received"),
                Step(
                    "somebody pays it once more", .notify(Delivery(sale: 2)),
                    "\(taken); settled [2 deliveries] + duplicate [needs attention]; "
                        + "bill paid, 150000 received"),
                Step(
                    "the merchant gives that back", .resolve("refunded"),
                    "200; settled [2 deliveries] + duplicate [refunded]; "
                        + "bill paid, 150000 received"),
            ]),
        Story(
            title: "a reusable bill, paid twice", isReusable: true,
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the first customer pays", .notify(Delivery()),
                    "\(taken); settled; bill open, 150000 received"),
                Step("the counter asks again", .inquire, payable),
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
                Step("the counter asks", .inquire, payable),
                Step(
                    "the customer pays 149000", .notify(Delivery(number: .own, amount: 149_000)),
                    "\(taken); amount_mismatch [149000, needs attention]; "
                        + "bill held, 0 received"),
                Step("the counter asks while the bill is held", .inquire, declined),
                Step(
                    "the merchant gives the money back", .resolve("refunded"),
                    "200; amount_mismatch [149000, refunded]; bill open, 0 received"),
                Step("the counter asks again", .inquire, payable),
                Step(
                    "the customer pays what is due", .notify(Delivery(number: .own, sale: 2)),
                    "\(taken); amount_mismatch [149000, refunded] + settled; "
                        + "bill paid, 150000 received"),
            ]),
        Story(
            title: "an amount that the bill had before an edit",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the merchant asks for 175000", .edit(amount: 175_000),
                    "200; bill open, 0 received"),
                Step("the counter asks again", .inquire, "200 success 175000, verified"),
                Step(
                    "the customer pays the first amount",
                    .notify(Delivery(aheadSeconds: 120)),
                    "\(taken); settled [old_amount, needs attention]; "
                        + "bill paid, 150000 received"),
                Step(
                    "the merchant accepts it", .resolve("accept"),
                    "200; settled [old_amount, accept]; bill paid, 150000 received"),
            ]),
        Story(
            title: "a payment after the cancel",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the merchant cancels the bill", .cancel, "200; bill cancelled, 0 received"),
                Step("the counter asks again", .inquire, declined),
                Step(
                    "the customer pays nevertheless", .notify(Delivery(amountForm: .string)),
                    "\(taken); after_cancel [needs attention]; bill cancelled, 0 received"),
                Step(
                    "the merchant accepts it", .resolve("accept"),
                    "200; settled [was after_cancel, accept]; bill paid, 150000 received"),
            ]),
        Story(
            title: "a payment that comes late", expiresInSeconds: 3_600,
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "paid 16 minutes after the bill's end",
                    .notify(Delivery(amountForm: .decimal, aheadSeconds: 3_600 + 16 * 60)),
                    "\(taken); settled [late, needs attention]; bill paid, 150000 received"),
            ]),
    ]

    private static let numbersAndCodes = [
        Story(
            title: "our number with another code of ours",
            steps: [
                Step(
                    "the number decides", .notify(Delivery(number: .own, code: .other)),
                    "\(taken); settled [code_differs, needs attention]; "
                        + "bill paid, 150000 received"),
                Step("the counter asks for the bill's code", .inquire, alreadyPaid),
            ]),
        Story(
            title: "a number that nobody knows, on our code",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "money comes for it", .notify(Delivery(number: .unknown)),
                    "\(taken); unmatched [needs attention, no bill]; bill held, 0 received"),
                Step("the counter asks while the bill is held", .inquire, declined),
                Step(
                    "the merchant says that it was this bill's",
                    .resolve("accept", namingBill: true),
                    "200; settled [was unmatched, accept]; bill paid, 150000 received"),
                Step("the counter asks again", .inquire, alreadyPaid),
            ]),
        Story(
            title: "the same, and the merchant says that the money is not for it",
            steps: [
                Step(
                    "money comes for it", .notify(Delivery(number: .unknown)),
                    "\(taken); unmatched [needs attention, no bill]; bill held, 0 received"),
                Step(
                    "the merchant dismisses it", .resolve("dismiss"),
                    "200; unmatched [dismiss, no bill]; bill open, 0 received"),
                Step("the counter asks", .inquire, payable),
            ]),
        Story(
            title: "a number that nobody knows, on a code of somebody else",
            steps: [
                Step(
                    "it is excluded", .notify(Delivery(number: .unknown, code: .foreign)),
                    "\(taken); foreign [no bill]; bill open, 0 received")
            ]),
        Story(
            title: "a notification of another service",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "it is excluded, although it has our number and our code",
                    .notify(Delivery(service: "VIRTUAL_ACCOUNT")),
                    "\(taken); foreign [no bill]; bill open, 0 received"),
                Step("the counter asks again", .inquire, payable),
            ]),
    ]

    private static let whatIsNoPayment = [
        Story(
            title: "FAILED, then SUCCESS",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the payment fails", .notify(Delivery(status: "FAILED")),
                    "\(taken); no payment, not_success; bill open, 0 received"),
                Step("the counter asks again", .inquire, payable),
                Step(
                    "the same sale succeeds after all", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
            ]),
        Story(
            title: "SUCCESS, then FAILED",
            steps: [
                Step("the counter asks", .inquire, payable),
                Step(
                    "the customer pays", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
                Step(
                    "the same sale is said to have failed", .notify(Delivery(status: "FAILED")),
                    "\(taken); settled; bill paid, 150000 received"),
                Step("the counter asks again", .inquire, alreadyPaid),
            ]),
        Story(
            title: "what cannot be read",
            steps: [
                Step(
                    "a body that ends early", .notify(Delivery(spoiling: .cutOff)),
                    "200 {}, verified; unreadable [no amount, needs attention, no bill]; "
                        + "bill open, 0 received"),
                Step(
                    "a payment of no amount", .notify(Delivery(amount: nil)),
                    "200 {}, verified; unreadable [no amount, needs attention, no bill]; "
                        + "bill open, 0 received"),
                Step("the counter asks", .inquire, payable),
            ]),
        Story(
            title: "a body that was not signed so",
            steps: [
                Step(
                    "it is refused, and nothing happens", .notify(Delivery(spoiling: .forged)),
                    "401 empty, not signed; no payment, not recorded; bill open, 0 received"),
                Step(
                    "the true one is taken", .notify(Delivery()),
                    "\(taken); settled; bill paid, 150000 received"),
            ]),
    ]
}
