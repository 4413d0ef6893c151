// JSON output in the layouts of other programs: their white space, escapes and key order. Used only
// to diagnose signatures over a body that was serialised again; answers are not written with it.
// SignatureDiagnosis+Layouts lists the layouts to try.

import LoketCore
import LoketJSON

struct JSONLayout: Sendable {
    enum Text: Sendable {
        /// The bytes as sent.
        case raw
        /// Only the escapes that JSON requires.
        case plain
        /// ASCII only; other characters are escaped.
        case ascii
    }

    /// The format of numbers such as `150000.00`.
    enum Numbers: Sendable {
        case raw
        /// `150000`, the format of JavaScript.
        case shortest
        /// `150000.0`, the format of Python and PHP.
        case floating
    }

    /// The indentation of one level; nil to write everything on one line.
    var indent: String?
    var lineEnd = "\n"
    var comma = ","
    var colon = ":"
    /// Whether lists are on one line with inner spaces even if objects are indented (Jackson).
    var hasLooseLists = false
    var sortsKeys = false
    var text = Text.raw
    var escapesSlashes = false
    /// Whether characters special in HTML are escaped (Go).
    var escapesHTML = false
    var numbers = Numbers.raw

    /// Whether to try a final newline, which only tools that leave texts unchanged add.
    var mayEndLine: Bool {
        if case .raw = text { lineEnd == "\n" } else { false }
    }

    /// Returns the value in this layout; nil if longer than `bytesMax`.
    func write(_ value: JSONValue, bytesMax: Int) -> [UInt8]? {
        var writing = Writing(layout: self, bytesMax: bytesMax)
        writing.write(value, depth: 0)
        return writing.isTooLong ? nil : writing.bytes
    }
}

private struct Writing {
    let layout: JSONLayout
    let bytesMax: Int
    private(set) var bytes: [UInt8] = []

    init(layout: JSONLayout, bytesMax: Int) {
        self.layout = layout
        self.bytesMax = bytesMax
    }

    var isTooLong: Bool { bytes.count > bytesMax }

    mutating func write(_ value: JSONValue, depth: Int) {
        guard !isTooLong else { return }
        if value.isObject {
            let entries = layout.sortsKeys ? sorted(value.entries) : value.entries
            enclose("{", "}", entries, depth: depth) { writing, entry in
                writing.string(entry.key)
                writing.bytes += writing.layout.colon.utf8
                writing.write(entry.value, depth: depth + 1)
            }
        } else if value.isArray {
            enclose("[", "]", value.elements, depth: depth) { writing, element in
                writing.write(element, depth: depth + 1)
            }
        } else if value.string != nil {
            string(value)
        } else if value.isNumber {
            bytes += number(value.rawBytes)
        } else {
            bytes += value.rawBytes
        }
    }

    private func sorted(
        _ entries: [(key: JSONValue, value: JSONValue)]
    ) -> [(key: JSONValue, value: JSONValue)] {
        let named = entries.map { (name: Array(($0.key.string ?? "").utf8), entry: $0) }
        return named.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(\.entry)
    }

    private mutating func enclose<Item>(
        _ opening: String, _ closing: String, _ items: [Item], depth: Int,
        _ write: (inout Writing, Item) -> Void
    ) {
        bytes += opening.utf8
        let isLoose = layout.hasLooseLists && opening == "["
        for (place, item) in items.enumerated() where !isTooLong {
            if place > 0 { bytes += (isLoose ? ", " : layout.comma).utf8 }
            if isLoose {
                if place == 0 { bytes.append(0x20) }
            } else {
                breakLine(depth + 1)
            }
            write(&self, item)
        }
        if isLoose || layout.hasLooseLists && items.isEmpty {
            bytes.append(0x20)
        } else if !items.isEmpty {
            breakLine(depth)
        }
        bytes += closing.utf8
    }

    private mutating func breakLine(_ depth: Int) {
        guard let indent = layout.indent else { return }
        bytes += layout.lineEnd.utf8
        for _ in 0..<depth { bytes += indent.utf8 }
    }

    // MARK: Texts and numbers

    private mutating func string(_ value: JSONValue) {
        bytes.append(UInt8(ascii: "\""))
        if case .raw = layout.text {
            bytes += value.rawBytes
        } else {
            for scalar in (value.string ?? "").unicodeScalars { append(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": bytes += #"\""#.utf8
        case "\\": bytes += #"\\"#.utf8
        case "/" where layout.escapesSlashes: bytes += #"\/"#.utf8
        case "\u{08}": bytes += #"\b"#.utf8
        case "\u{0C}": bytes += #"\f"#.utf8
        case "\n": bytes += #"\n"#.utf8
        case "\r": bytes += #"\r"#.utf8
        case "\t": bytes += #"\t"#.utf8
        case _ where isEscaped(scalar):
            for unit in String(scalar).utf16 {
                let hex = String(unit, radix: 16)
                bytes += (#"\u"# + String(repeating: "0", count: 4 - hex.utf8.count) + hex).utf8
            }
        default: bytes += String(scalar).utf8
        }
    }

    private static let html: Set<Unicode.Scalar> = ["<", ">", "&", "\u{2028}", "\u{2029}"]

    private func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 { return true }
        if layout.escapesHTML, Self.html.contains(scalar) { return true }
        if case .ascii = layout.text { return !scalar.isASCII }
        return false
    }

    private func number(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        let text = String(decoding: raw, as: UTF8.self)
        if case .raw = layout.numbers { return Array(raw) }
        guard let number = Double(text), abs(number) < 1e15, Int64(text) == nil else {
            return Array(raw)
        }
        let whole = Int64(number)
        let isShort = if case .shortest = layout.numbers { true } else { false }
        let isWhole = isShort && Double(whole) == number
        return Array((isWhole ? String(whole) : String(number)).utf8)
    }
}
