// The suffix of an inquiry: the same request always has the same ten characters.

import DokuWire
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct InvoiceSuffixTests {
    /// Computed with Python: Crockford's base32 over hashlib's SHA-256.
    @Test(arguments: [
        (
            "5b8e438f-fac1-4103-9e0e-ebfdc38b5acb", "8896512345678123", "2020-08-11T08:45:42Z",
            "BKCFCBMRTZ"
        ),
        ("5b8e438f-fac1-4103-9e0e-ebfdc38b5acb", "8896512345678123", "", "PWFZRAV2K4"),
        (
            "5b8e438f-fac1-4103-9e0e-ebfdc38b5acb", "8896512345678123", "20200811154542",
            "0Q250EN6F4"
        ),
        ("18436", "1234500001", "2020-08-11T08:45:42Z", "52Q8X15M0T"),
        ("18436", "1234500001", "11 Agustus \u{E9}\u{20AC}\u{1F600}", "6X01TA2RJ4"),
    ])
    func `a suffix is the one that Python computes`(
        requestID: String, code: String, date: String, expected: String
    ) throws {
        let code = try #require(PaymentCode(code))
        for _ in 0..<3 {
            let suffix = InvoiceSuffix(requestID: requestID, paymentCode: code, date: date)
            #expect(suffix.text == expected)
            #expect(InvoiceSuffix(ascii: suffix.text.utf8) == suffix)
        }
    }

    @Test func `the date is used as sent, and is empty if absent`() throws {
        let code = try #require(PaymentCode("8896512345678123"))
        let read = try #require(O2OInquiry(try StrictJSON(Array(Bodies.alfa.utf8))))
        let suffix = InvoiceSuffix(
            requestID: "5b8e438f-fac1-4103-9e0e-ebfdc38b5acb", paymentCode: code,
            date: read.date)
        #expect(suffix.text == "BKCFCBMRTZ")
    }

    @Test func `another request, code or date has another suffix`() throws {
        var seen: Set<InvoiceSuffix> = []
        for request in 0..<20 {
            for code in ["1", "01", "12"] {
                for date in ["", "1", "2020-08-11T08:45:42Z"] {
                    let code = try #require(PaymentCode(code))
                    seen.insert(
                        InvoiceSuffix(requestID: "\(request)", paymentCode: code, date: date))
                }
            }
        }
        #expect(seen.count == 180)
    }
}
