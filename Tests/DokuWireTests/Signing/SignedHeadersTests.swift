// The four headers, exactly one of each: missing, empty, repeated, malformed, and in any case.

import DokuWire
import Testing

struct SignedHeadersTests {
    struct Header: CustomTestStringConvertible, Sendable {
        let name: String
        let missing: WireRejection
        let twice: WireRejection
        let place: Int

        var testDescription: String { name }
    }

    static let headers = [
        Header(name: "Client-Id", missing: .clientIDMissing, twice: .clientIDTwice, place: 0),
        Header(name: "Request-Id", missing: .requestIDMissing, twice: .requestIDTwice, place: 1),
        Header(
            name: "Request-Timestamp", missing: .timestampMissing, twice: .timestampTwice,
            place: 2),
        Header(name: "Signature", missing: .signatureMissing, twice: .signatureTwice, place: 3),
    ]

    private let good = SampleRequest().fields

    @Test(arguments: headers)
    func `a header that is missing or empty is refused`(_ header: Header) {
        var fields = good
        fields.remove(at: header.place)
        #expect(SampleRequest.rejection(of: fields) == header.missing)
        fields.append((header.name, ""))
        #expect(SampleRequest.rejection(of: fields) == header.missing)
    }

    @Test(arguments: headers)
    func `a repeated header is refused, whatever its value`(_ header: Header) {
        let value = good[header.place].value
        for name in [header.name, header.name.lowercased(), header.name.uppercased()] {
            for other in [value, value + "1", "", " "] {
                #expect(SampleRequest.rejection(of: good + [(name, other)]) == header.twice)
                #expect(SampleRequest.rejection(of: [(name, other)] + good) == header.twice)
            }
        }
        let two = [(name: header.name, value: ""), (name: header.name, value: "")]
        var fields = good
        fields.remove(at: header.place)
        #expect(SampleRequest.rejection(of: fields + two) == header.twice)
    }

    @Test(arguments: headers)
    func `a name is recognized in any case, and no other name`(_ header: Header) {
        for name in [header.name.lowercased(), header.name.uppercased(), mixed(header.name)] {
            var fields = good
            fields[header.place].name = name
            #expect(SampleRequest.rejection(of: fields) == nil, "\(name)")
        }
        let others = [
            header.name + " ", " " + header.name, "X-" + header.name, header.name + "s",
            String(header.name.dropLast()),
            header.name.replacingAll("-", by: "_"), header.name.replacingAll("-", by: "\r"),
            header.name.replacingAll("i", by: "\u{131}"),
            header.name.replacingAll("e", by: "E\u{301}"),
        ]
        for name in others where name != header.name {
            var fields = good
            fields[header.place].name = name
            #expect(SampleRequest.rejection(of: fields) == header.missing, "\(name)")
        }
    }

    @Test func `other headers and their order do not matter`() throws {
        let more = [
            (name: "Host", value: "a"), (name: "Host", value: "b"), (name: "", value: ""),
            (name: "Content-Type", value: "application/json"), (name: "Digest", value: "x"),
            (name: "Response-Timestamp", value: "2020-08-11T08:45:42Z"),
        ]
        for fields in [more + good, good + more, good.reversed() + more] {
            let headers = try SignedHeaders(fields)
            #expect(headers.clientID == SampleRequest().clientID)
            #expect(headers.requestID == SampleRequest().requestID)
            #expect(headers.timestamp == SampleRequest().timestamp)
            #expect(headers.signature == SampleRequest().signature)
        }
    }

    @Test func `the first fault in the order of the rejections is reported`() {
        var expected: [WireRejection] = []
        var fields: [(name: String, value: String)] = []
        for header in Self.headers {
            #expect(SampleRequest.rejection(of: fields) == header.missing)
            expected.append(header.missing)
            fields.append(good[header.place])
        }
        #expect(expected == WireRejection.allCases.filter { expected.contains($0) })
        let doubled = good + good
        #expect(SampleRequest.rejection(of: doubled) == .clientIDTwice)
        #expect(
            SampleRequest.rejection(of: doubled.filter { $0.name != "Client-Id" })
                == .clientIDMissing)
    }

    private func mixed(_ name: String) -> String {
        String(
            name.enumerated().map { place, letter in
                Character(place.isMultiple(of: 2) ? letter.lowercased() : letter.uppercased())
            })
    }
}

extension String {
    fileprivate func replacingAll(_ letter: Character, by other: String) -> String {
        map { $0 == letter ? other : String($0) }.joined()
    }
}
