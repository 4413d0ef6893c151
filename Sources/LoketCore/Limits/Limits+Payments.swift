// Limits of the work for lists and files of payments, and of bills that are cancelled together.

extension Limits {
    /// The maximum number of payments examined for one page if a filter has no index: some 50 ms.
    package static let paymentScanRowsMax = 20_000
    /// The number of payments read at a time while all of them are written as one file.
    package static let paymentFileRowsAtOnce = 500
    /// The maximum number of inquiries examined for one page of quotes without a payment, each of
    /// which is looked up several times: some 50 ms.
    package static let unpaidScanRowsMax = 10_000
    /// The maximum number of days of a range whose payments are added up: a year. A million
    /// payments take about a second.
    package static let totalsDaysMax = 366
    /// The number of bills of one request that are cancelled in one commit: a payment waits for it.
    package static let cancelledAtOnce = 100
    /// The maximum number of bills that one request cancels by a filter: some ten seconds of
    /// batches that give way to other writes. Their ids are in memory.
    package static let cancelledByFilterMax = 100_000
}
