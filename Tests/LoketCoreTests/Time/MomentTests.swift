// Instants: their order, their whole seconds, and their two text forms.

import LoketCore
import Testing

struct MomentTests {
    @Test(arguments: [
        (Int64(0), Int64(0)), (1, 0), (999, 0), (1000, 1), (1001, 1),
        (-1, -1), (-999, -1), (-1000, -1), (-1001, -2), (1_597_135_542_999, 1_597_135_542),
    ])
    func `whole seconds are rounded down, before 1970 too`(milliseconds: Int64, seconds: Int64) {
        #expect(Moment(milliseconds: milliseconds).seconds == seconds)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z", "1970-01-01T07:00:00+07:00"),
        (-1, "1969-12-31T23:59:59Z", "1970-01-01T06:59:59+07:00"),
        (-1000, "1969-12-31T23:59:59Z", "1970-01-01T06:59:59+07:00"),
        (-1001, "1969-12-31T23:59:58Z", "1970-01-01T06:59:58+07:00"),
        (1_597_135_542_000, "2020-08-11T08:45:42Z", "2020-08-11T15:45:42+07:00"),
        (1_597_135_542_999, "2020-08-11T08:45:42Z", "2020-08-11T15:45:42+07:00"),
        (951_782_400_000, "2000-02-29T00:00:00Z", "2000-02-29T07:00:00+07:00"),
        (951_868_799_999, "2000-02-29T23:59:59Z", "2000-03-01T06:59:59+07:00"),
        (-2_203_891_200_000, "1900-03-01T00:00:00Z", "1900-03-01T07:00:00+07:00"),
        (-2_203_891_201_000, "1900-02-28T23:59:59Z", "1900-03-01T06:59:59+07:00"),
        (1_798_736_399_000, "2026-12-31T16:59:59Z", "2026-12-31T23:59:59+07:00"),
        (1_798_736_400_000, "2026-12-31T17:00:00Z", "2027-01-01T00:00:00+07:00"),
        (2_147_483_647_000, "2038-01-19T03:14:07Z", "2038-01-19T10:14:07+07:00"),
        (4_294_967_296_000, "2106-02-07T06:28:16Z", "2106-02-07T13:28:16+07:00"),
        (253_402_300_799_000, "9999-12-31T23:59:59Z", nil),
    ])
    func `an instant is written in UTC and in WIB`(
        milliseconds: Int64, utc: String, wib: String?
    ) {
        let moment = Moment(milliseconds: milliseconds)
        #expect(moment.utcText == utc)
        if let wib { #expect(moment.wibText == wib) }
    }

    @Test func `instants are ordered by the millisecond`() {
        let moment = Moment(milliseconds: 1_597_135_542_123)
        #expect(moment < moment.adding(milliseconds: 1))
        #expect(moment.adding(milliseconds: -1) < moment)
        #expect(!(moment < moment))
        #expect(moment.adding(milliseconds: 0) == moment)
        #expect(Moment(milliseconds: -2) < Moment(milliseconds: -1))
        #expect(Moment(seconds: 5) == Moment(milliseconds: 5000))
        #expect(Moment(seconds: -5).milliseconds == -5000)
        #expect(Moment.wibSeconds == 25_200)
    }
}
