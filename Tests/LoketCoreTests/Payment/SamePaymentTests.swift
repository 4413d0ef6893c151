// The rule for two deliveries: they report the same payment, or two payments.

import LoketCore
import Testing

struct SamePaymentTests {
    private static let trx = ["AGENT_TRX_ID=1246"]

    struct Pair: Sendable, CustomTestStringConvertible {
        let name: String
        let left: ReportedPayment
        let right: ReportedPayment
        let isSame: Bool

        var testDescription: String { name }

        init(_ name: String, _ left: ReportedPayment, _ right: ReportedPayment, same: Bool) {
            self.name = name
            self.left = left
            self.right = right
            isSame = same
        }
    }

    private static func at(_ milliseconds: Int64) -> String {
        Sample.date.adding(milliseconds: milliseconds).utcMillisecondText
    }

    private static func told(
        _ date: String? = Sample.dateText, _ ids: [String] = [], amount: Int64 = 150_000
    ) -> ReportedPayment {
        Sample.receipt(amount: amount, date: date, ids: ids)
    }

    private static func asked(
        _ date: String? = Sample.dateText, _ ids: [String] = [], amount: Int64 = 150_000
    ) -> ReportedPayment {
        Sample.receipt(.checkStatus, amount: amount, date: date, ids: ids)
    }

    private static let day = Sample.day

    static let named: [Pair] = [
        Pair("equal", told(nil, trx), told(nil, trx), same: true),
        Pair("24 h", told(at(0), trx), told(at(day), trx), same: true),
        Pair("over 24 h", told(at(0), trx), told(at(day + 1), trx), same: false),
        Pair("an hour", told(at(0), trx), told(at(3_600_000), trx), same: true),
        Pair("no date on one side", told(nil, trx), told(at(0), trx), same: true),
        Pair("a date that is none", told("yesterday", trx), told(at(0), trx), same: true),
        Pair("two that are none", told("yesterday", trx), told("today", trx), same: true),
        Pair(
            "another transaction", told(at(0), trx), told(at(0), ["AGENT_TRX_ID=1247"]),
            same: false),
        Pair(
            "case counts", told(at(0), ["AGENT_TRX_ID=a"]), told(at(0), ["AGENT_TRX_ID=A"]),
            same: false),
        Pair("zeros count", told(at(0), trx), told(at(0), ["AGENT_TRX_ID=01246"]), same: false),
        Pair(
            "another store", told(at(0), trx + ["AGENT_STORE_ID=1"]),
            told(at(0), trx + ["AGENT_STORE_ID=2"]), same: false),
        Pair(
            "a store that one leaves out", told(at(0), trx + ["AGENT_STORE_ID=1"]),
            told(at(5), trx), same: true),
        Pair("another amount", told(at(0), trx), told(at(0), trx, amount: 150_001), same: false),
        Pair(
            "an order of its own", told(at(0), trx + ["A=1", "B=2"]),
            told(at(0), ["B=2", "A=1"] + trx), same: true),
        Pair(
            "empty is a value", told(at(0), ["AGENT_TRX_ID="]), told(at(0), trx), same: false),
    ]

    static let unnamed: [Pair] = [
        Pair("equal", told(), told(), same: true),
        Pair("one second", told(at(0)), told(at(999)), same: true),
        Pair("the next second", told(at(999)), told(at(1000)), same: false),
        Pair("the second before", told(at(0)), told(at(-1)), same: false),
        Pair("named on one side", told(at(0), trx), told(at(0)), same: true),
        Pair("named on one side, later", told(at(0), trx), told(at(1000)), same: false),
        Pair("an offset", told("2021-08-12T14:06:28+07:00"), told(), same: true),
        Pair("the compact form", told("20210812140628"), told(), same: true),
        Pair("compact and an hour off", told("20210812150628"), told(), same: false),
        Pair("compact is not UTC", told("20210812070628"), told(), same: false),
        Pair("no date on one side", told(nil), told(), same: false),
        Pair("a date that is none on one side", told("yesterday"), told(), same: false),
        Pair("no date on both", told(nil), told(nil), same: true),
        Pair("equal text that is no date", told("yesterday"), told("yesterday"), same: true),
        Pair("other text that is no date", told("yesterday"), told("today"), same: false),
        Pair("no date and one that is none", told(nil), told(""), same: false),
        Pair("another amount", told(), told(amount: 150_001), same: false),
        Pair("another store", told(at(0), ["S=1"]), told(at(0), ["S=2"]), same: false),
        Pair(
            "another store, named on one side", told(at(0), trx + ["S=1"]),
            told(at(0), ["S=2"]), same: false),
    ]

    static let checked: [Pair] = [
        Pair("nothing but the amount", asked(nil), told(), same: true),
        Pair("days apart", asked(at(40 * day)), told(), same: true),
        Pair("the transaction agrees", asked(at(40 * day), trx), told(at(0), trx), same: true),
        Pair(
            "another transaction", asked(at(0), ["AGENT_TRX_ID=1"]), told(at(0), trx),
            same: false),
        Pair("another store", asked(at(0), ["S=1"]), told(at(0), ["S=2"]), same: false),
        Pair("another amount", asked(amount: 1), told(), same: false),
        Pair("asked twice", asked(nil), asked(at(5 * day)), same: true),
        Pair(
            "asked twice, other transactions", asked(nil, trx), asked(nil, ["AGENT_TRX_ID=1"]),
            same: false),
    ]

    @Test(arguments: named + unnamed + checked)
    func `a pair is one payment or two, in either order`(pair: Pair) {
        #expect(SamePayment.isSame(pair.right, of: [pair.left]) == pair.isSame, "\(pair.name)")
        #expect(SamePayment.isSame(pair.left, of: [pair.right]) == pair.isSame, "\(pair.name)")
    }

    @Test(arguments: named + unnamed + checked)
    func `a payment without deliveries matches no delivery`(pair: Pair) {
        #expect(!SamePayment.isSame(pair.left, of: []))
    }

    /// Foreign payments are stored separately and not worked through, so ours must not join them.
    @Test(arguments: [ReportedPayment.Source.notification, .checkStatus])
    func `another service's payment is never ours`(source: ReportedPayment.Source) {
        for source2 in ReportedPayment.Source.allCases {
            let foreign = Sample.receipt(source, isOurService: false)
            let ours = Sample.receipt(source2)
            #expect(!SamePayment.isSame(ours, of: [foreign]), "\(source) then \(source2)")
            #expect(!SamePayment.isSame(foreign, of: [ours]), "\(source2) then \(source)")
        }
    }

    /// The Kelvin sign is not the letter K, although Swift considers them equal.
    @Test func `identifiers are compared by their bytes`() {
        let one = Self.told(Self.at(0), ["AGENT_TRX_ID=K1"])
        let other = Self.told(Self.at(0), ["AGENT_TRX_ID=\u{212A}1"])
        #expect(!SamePayment.isSame(one, of: [other]))
        #expect(!SamePayment.isSame(other, of: [one]))
    }
}
