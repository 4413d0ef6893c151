// `transaction.date`: RFC 3339, or the compact form, which is WIB.

import LoketCore
import Testing

struct DOKUDateTests {
    @Test(arguments: [
        "2021-08-12T07:06:28Z", "2021-08-12T14:06:28+07:00", "20210812140628",
        "2021-08-12T07:06:28.000Z", "2021-08-12T07:06:28+00:00", "2021-08-12T01:36:28-05:30",
    ])
    func `the same instant is read from each of its forms`(text: String) {
        #expect(Moment(dokuDate: text) == Sample.date)
        #expect(Sample.receipt(date: text).date == Sample.date)
    }

    @Test(arguments: [
        ("20210101000000", "2020-12-31T17:00:00Z"), ("19700101070000", "1970-01-01T00:00:00Z"),
        ("20240229235959", "2024-02-29T16:59:59Z"), ("20261231235959", "2026-12-31T16:59:59Z"),
        ("2021-08-12T07:06:28.999Z", "2021-08-12T07:06:28Z"),
    ])
    func `days and years begin as in Jakarta`(text: String, utc: String) {
        #expect(Moment(dokuDate: text)?.utcText == utc)
    }

    @Test(arguments: [
        "", " ", "2021-08-12", "20210812", "202108121406", "2021081214062", "202108121406281",
        "20210812 140628", "20210812T140628", "20210812140628Z", "20210812140628+0700",
        "20211312140628", "20210832140628", "20210229140628", "20210812240000",
        "20210812146028", "20210812140660", "00000812140628", "20210800140628", "2021081214062a",
        "２０２１０８１２１４０６２８", "٢٠٢١٠٨١٢١٤٠٦٢٨", "-2021081214062", "+2021081214062",
        "2021-08-12 07:06:28", "2021-08-12T07:06:28", "2021-08-12T07:06Z",
        "12-08-2021T07:06:28Z", "1628751988", "1628751988000", "16287519880001",
        "Thu, 12 Aug 2021 07:06:28 GMT", "2021-08-12T07:06:28Z\n", "null",
    ])
    func `any other form is refused`(text: String) {
        #expect(Moment(dokuDate: text) == nil)
        #expect(Sample.receipt(date: text).date == nil)
    }

    @Test(arguments: [
        ("2015-01-01T00:00:00Z", true), ("20150101070000", true),
        ("2015-01-01T06:59:59+07:00", false),
        ("2014-12-31T23:59:59.999Z", false), ("19700101070000", false),
        ("0001-01-01T00:00:00Z", false),
    ])
    func `a date before 2015 is refused, except by the first version`(text: String, isDate: Bool) {
        var receipt = Sample.receipt(date: text)
        #expect((receipt.date != nil) == isDate)
        receipt.reader = .strict
        #expect(receipt.date == Moment(dokuDate: text) && receipt.date != nil)
    }

    @Test func `an identifier is found by its name, the first of two`() {
        let receipt = Sample.receipt(ids: ["AGENT_ID=ALFA", "AGENT_TRX_ID=1", "AGENT_TRX_ID=2"])
        #expect(receipt["AGENT_TRX_ID"] == "1")
        #expect(receipt["AGENT_ID"] == "ALFA")
        #expect(receipt["agent_id"] == nil)
        #expect(receipt["AGENT_STORE_ID"] == nil)
    }
}
