// `Request-Timestamp` has one form of 20 bytes; similar forms are refused.

import LoketCore
import Testing

struct DOKUTimestampTests {
    static let good = "2020-08-11T08:45:42Z"

    @Test(arguments: [
        ("2020-08-11T08:45:42Z", Int64(1_597_135_542)), ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59Z", -1), ("2000-02-29T12:00:00Z", 951_825_600),
        ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func `DOKU's form is read to the second`(text: String, seconds: Int64) {
        #expect(Moment(dokuTimestamp: text) == Moment(seconds: seconds))
        #expect(Moment(dokuTimestamp: text)?.utcText == text)
    }

    @Test(arguments: [
        "", " ", "Z", "2020", "2020-08-11", "2020-08-11T", "2020-08-11T08", "2020-08-11T08:45",
        "2020-08-11T08:45Z", "2020-08-11T08:45:42", "2020-08-11T08:45:42z",
        "2020-08-11t08:45:42Z", "2020-08-11 08:45:42Z", "2020-08-11T08:45:42 Z",
        " 2020-08-11T08:45:42Z", "2020-08-11T08:45:42Z ", "2020-08-11T08:45:42Z\n",
        "2020-08-11T08:45:42ZZ", "2020-08-11T08:45:42+00:00", "2020-08-11T15:45:42+07:00",
        "2020-08-11T08:45:42-00:00", "2020-08-11T08:45:42.0Z", "2020-08-11T08:45:42.000Z",
        "2020-08-11T08:45:42,0Z", "20200811T084542Z", "20200811154542", "2020-8-11T08:45:42Z",
        "2020-08-11T8:45:42Z", "020-08-11T08:45:42Z", "12020-08-11T08:45:42Z",
        "+2020-08-11T08:45:42", "-020-08-11T08:45:42Z", "2020/08/11T08:45:42Z",
        "2020-08-11T08.45.42Z", "2020-08-11T08-45-42Z", "2020:08:11T08:45:42Z",
        "11-08-2020T08:45:42Z", "2020-00-11T08:45:42Z", "2020-13-11T08:45:42Z",
        "2020-08-00T08:45:42Z", "2020-08-32T08:45:42Z", "2020-02-30T08:45:42Z",
        "2021-02-29T08:45:42Z", "1900-02-29T08:45:42Z", "2020-04-31T08:45:42Z",
        "2020-08-11T24:00:00Z", "2020-08-11T08:60:42Z", "2020-08-11T08:45:60Z",
        "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2020-08-11T-8:45:42Z",
        "2020-08-11T+8:45:42Z", "2020-08-11T 8:45:42Z", "2020-08-11T08:45:4 Z",
        "\u{FF12}020-08-11T08:45:42Z", "\u{662}020-08-11T08:45:42Z", "2020\u{2D0}08-11T08:45:42Z",
        "2020\u{2013}08\u{2013}11T08:45:42Z", "\u{FEFF}2020-08-11T08:45:42Z",
        "2020-08-11T08:45:4\u{662}", "1597135542", "1597135542000", "Tue, 11 Aug 2020 08:45:42 GMT",
        "2020-W33-2T08:45:42Z", "2020-224T08:45:42ZZZ",
    ])
    func `any other form is refused`(text: String) {
        #expect(Moment(dokuTimestamp: text) == nil)
    }

    @Test(arguments: 0..<20)
    func `each place accepts only a byte of its kind`(place: Int) throws {
        let bytes = Array(Self.good.utf8)
        for other in UInt8(0)..<0x80 where other != bytes[place] {
            var changed = bytes
            changed[place] = other
            let moment = Moment(dokuTimestamp: String(decoding: changed, as: UTF8.self))
            let maybe = isASCIIDigit(bytes[place]) && isASCIIDigit(other)
            #expect(moment == nil || maybe, "byte \(other)")
            #expect(moment != Moment(dokuTimestamp: Self.good))
        }
    }

    @Test(arguments: 0..<20)
    func `a shortened or lengthened timestamp is refused`(place: Int) {
        let bytes = Array(Self.good.utf8)
        #expect(Moment(dokuTimestamp: String(decoding: bytes[..<place], as: UTF8.self)) == nil)
        var longer = bytes
        longer.insert(bytes[place], at: place)
        #expect(Moment(dokuTimestamp: String(decoding: longer, as: UTF8.self)) == nil)
    }
}
