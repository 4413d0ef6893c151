// Every known signing mistake, made intentionally, and the word that names it.

import DokuWire
import LoketSystem

struct MadeMistake: Sendable {
    typealias Word = SignatureDiagnosis.Mistake

    let word: Word
    let make: @Sendable (inout WrongSigner) -> Void

    init(_ word: Word, _ make: @escaping @Sendable (inout WrongSigner) -> Void) {
        self.word = word
        self.make = make
    }

    private static func path(_ word: Word, _ path: String) -> MadeMistake {
        MadeMistake(word) { $0.path = path }
    }

    private static func body(_ word: Word, _ text: String) -> MadeMistake {
        MadeMistake(word) { $0.body = Array(text.utf8) }
    }

    private static func time(_ word: Word, _ text: String) -> MadeMistake {
        MadeMistake(word) { $0.time = text }
    }

    static let paths: [MadeMistake] = [
        path(.wirePath, "/doku/inquiry"), path(.otherRoutePath, "/pay/doku/notification"),
        path(.otherRoutePath, "/doku/notification"), path(.trailingSlash, "/pay/doku/Inquiry/"),
        path(.trailingSlash, "/doku/inquiry/"),
        path(.fullURL, "https://pay.example.com/pay/doku/Inquiry"),
        path(.fullURL, "http://pay.example.com/doku/inquiry"),
        path(.fullURL, "pay.example.com/pay/doku/Inquiry"),
        path(.leadingSlashMissing, "pay/doku/Inquiry"), path(.pathEmpty, ""),
        path(.pathEmpty, "/"), path(.pathPart, "/Inquiry"), path(.pathPart, "/doku/Inquiry"),
        path(.pathCase, "/pay/doku/inquiry"),
    ]

    static let lines: [MadeMistake] = [
        MadeMistake(.trailingNewline) { $0.end = "\n" },
        MadeMistake(.crlfLines) { $0.lineEnd = "\r\n" },
        MadeMistake(.crlfLines) {
            $0.lineEnd = "\r\n"
            $0.end = "\r\n"
        },
        MadeMistake(.literalLineFeeds) { $0.lineEnd = #"\n"# },
        MadeMistake(.linesJoined) { $0.lineEnd = "" },
        MadeMistake(.spaceAfterColon) { $0.colon = ": " },
        MadeMistake(.namesLowerCase) {
            $0.lines = { lines in
                lines.map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return parts[0].lowercased() + ":" + parts[1]
                }
            }
        },
        MadeMistake(.lineOrder) { $0.lines = { $0.sorted() } },
        MadeMistake(.lineOrder) { $0.lines = { [$0[0], $0[1], $0[2], $0[4], $0[3]] } },
        MadeMistake(.responseTimestampName) { $0.timeName = "Response-Timestamp" },
        MadeMistake(.digestMissing) { $0.lines = { Array($0.dropLast()) } },
        MadeMistake(.digestHex) { $0.digest = { hexadecimal(SHA256Digest(of: $0).bytes) } },
        MadeMistake(.digestHex) {
            $0.digest = { hexadecimal(SHA256Digest(of: $0).bytes).uppercased() }
        },
        MadeMistake(.digestHexInBase64) {
            $0.digest = {
                WrongSigner.encoded(Array(hexadecimal(SHA256Digest(of: $0).bytes).utf8))
            }
        },
        MadeMistake(.digestPrefixed) {
            $0.digest = { "SHA-256=" + WrongSigner.encoded(SHA256Digest(of: $0).bytes) }
        },
        MadeMistake(.digestURLSafe) {
            $0.digest = { urlSafe(WrongSigner.encoded(SHA256Digest(of: $0).bytes)) }
        },
        MadeMistake(.bodyForDigest) { $0.digest = { String(decoding: $0, as: UTF8.self) } },
    ]

    static let bodies: [MadeMistake] = [
        body(.bodyNewline, WrongSigner.sentBody + "\n"),
        body(.bodyNewline, WrongSigner.sentBody + "\r\n"),
        body(.bodyMinified, #"{"b":"x/y é","a":[1,2.50,{}],"c":[]}"#),
        body(.bodyMinified, #"{"b":"x/y é","a":[1,2.50,{}],"c":[]}"# + "\n"),
        body(.bodyReserialised, #"{"b":"x/y é","a":[1,2.5,{}],"c":[]}"#),
        body(.bodySpaced, #"{"b": "x/y \u00e9", "a": [1, 2.5, {}], "c": []}"#),
        body(.bodySpaced, #"{"b": "x/y é", "a": [1, 2.50, {}], "c": []}"#),
        body(.bodySlashesEscaped, #"{"b":"x\/y \u00e9","a":[1,2.5,{}],"c":[]}"#),
        body(.bodySlashesEscaped, #"{"b":"x\/y é","a":[1,2.50,{}],"c":[]}"#),
        body(.bodyUnicodeEscaped, #"{"b":"x/y \u00e9","a":[1,2.5,{}],"c":[]}"#),
        body(.bodyPrettyPrinted, pretty("  ")), body(.bodyPrettyPrinted, pretty("    ")),
        body(.bodyPrettyPrinted, pretty("\t")), body(.bodyPrettyPrinted, pretty("  ") + "\n"),
        body(
            .bodyPrettyPrinted,
            "{\n  \"b\" : \"x/y é\",\n  \"a\" : [ 1, 2.50, { } ],\n  \"c\" : [ ]\n}"),
        body(.bodyKeysSorted, #"{"a":[1,2.50,{}],"b":"x/y é","c":[]}"#),
        body(.bodyKeysSorted, #"{"a": [1, 2.5, {}], "b": "x/y \u00e9", "c": []}"#),
        body(.bodyKeysSorted, sorted("  ")), body(.bodyKeysSorted, sorted("    ") + "\n"),
        body(.bodyKeysSorted, python(sorted("  "))),
        body(.bodyKeysSorted, python(sorted("    "))),
        body(.bodyPrettyPrinted, pretty("  ").replacing("\n", with: "\r\n")),
        body(.bodyEmpty, ""), body(.bodyEmpty, "{}"),
        body(.bodyByteOrderMark, "\u{FEFF}" + WrongSigner.sentBody),
    ]

    private static func pretty(_ one: String) -> String {
        let two = one + one
        return "{\n\(one)\"b\": \"x/y é\",\n\(one)\"a\": [\n\(two)1,\n\(two)2.50,\n\(two){}\n"
            + "\(one)],\n\(one)\"c\": []\n}"
    }

    private static func sorted(_ one: String) -> String {
        let two = one + one
        return "{\n\(one)\"a\": [\n\(two)1,\n\(two)2.50,\n\(two){}\n\(one)],\n"
            + "\(one)\"b\": \"x/y é\",\n\(one)\"c\": []\n}"
    }

    /// Formats the text as Python does.
    private static func python(_ text: String) -> String {
        text.replacing("é", with: #"\u00e9"#).replacing("2.50", with: "2.5")
    }

    static let times: [MadeMistake] = [
        time(.wibForUTC, "2020-08-11T15:45:42Z"), time(.wibForUTC, "2020-08-11T01:45:42Z"),
        time(.timestampMilliseconds, "2020-08-11T08:45:42.000Z"),
        time(.timestampZone, "2020-08-11T15:45:42+07:00"),
        time(.timestampZone, "2020-08-11T08:45:42+07:00"),
        time(.timestampZone, "2020-08-11T08:45:42+00:00"),
        time(.timestampZone, "2020-08-11T08:45:42"), time(.timestampEpoch, "1597135542"),
        time(.timestampEpoch, "1597135542000"), time(.timestampCompact, "20200811084542"),
        time(.timestampCompact, "20200811154542"),
        time(.timestampTakenTwice, "2020-08-11T08:45:41Z"),
        time(.timestampTakenTwice, "2020-08-11T08:45:43Z"),
    ]

    static let signers: [MadeMistake] = [
        MadeMistake(.otherClientID) { $0.clientID = WrongSigner.otherID },
        MadeMistake(.secretOfOtherAccount) { $0.secret = WrongSigner.otherSecret },
        MadeMistake(.otherAccount) {
            $0.secret = WrongSigner.otherSecret
            $0.clientID = WrongSigner.otherID
        },
        MadeMistake(.secretNewline) { $0.secret += "\n" },
        MadeMistake(.secretNewline) { $0.secret += "\r\n" },
        MadeMistake(.secretSpace) { $0.secret += " " },
        MadeMistake(.secretSpace) { $0.secret = " " + $0.secret },
        MadeMistake(.secretQuoted) { $0.secret = "\"" + $0.secret + "\"" },
    ]

    static let written: [MadeMistake] = [
        MadeMistake(.signatureMalformed) { $0.write = { _ in "HMACSHA256=" } },
        MadeMistake(.signatureMalformed) { $0.write = { _ in "let me in" } },
        MadeMistake(.signaturePrefix) { $0.write = WrongSigner.encoded },
        MadeMistake(.signaturePrefix) { $0.write = { "hmacsha256=" + WrongSigner.encoded($0) } },
        MadeMistake(.signaturePrefix) { $0.write = { "HMACSHA256= " + WrongSigner.encoded($0) } },
        MadeMistake(.signatureHex) { $0.write = { "HMACSHA256=" + hexadecimal($0) } },
        MadeMistake(.signatureHex) { $0.write = { hexadecimal($0).uppercased() } },
        MadeMistake(.signatureHexInBase64) {
            $0.write = { "HMACSHA256=" + WrongSigner.encoded(Array(hexadecimal($0).utf8)) }
        },
        MadeMistake(.signaturePadding) {
            $0.write = { "HMACSHA256=" + WrongSigner.encoded($0).dropLast() }
        },
        MadeMistake(.signatureURLSafe) {
            $0.write = { "HMACSHA256=" + urlSafe(WrongSigner.encoded($0)) }
        },
    ]

    static let all = paths + lines + bodies + times + signers + written
}

func urlSafe(_ text: String) -> String {
    String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
}
