// Writes JSON directly into bytes: the answers to DOKU and of the admin API. Fields are written in
// the order of the calls, so equal values produce equal bytes.

package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether a comma is required before the next field or element.
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    // MARK: Containers

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// Writes an object for a value, or null if the value is nil.
    package mutating func object<Value>(
        _ name: StaticString, of value: Value?, _ body: (inout JSONWriter, Value) -> Void
    ) {
        guard let value else { return field(name, nil as String?) }
        object(name) { body(&$0, value) }
    }

    package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    // MARK: Fields

    package mutating func field(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    /// Writes a field with a text, or with `null` if the text is nil.
    package mutating func field(_ name: StaticString, _ text: String?) {
        key(name)
        if let text { string(text) } else { literal("null") }
    }

    package mutating func field(_ name: StaticString, _ number: Int64) {
        key(name)
        integer(number)
    }

    package mutating func field(_ name: StaticString, _ number: Int64?) {
        key(name)
        if let number { integer(number) } else { literal("null") }
    }

    package mutating func field(_ name: StaticString, _ flag: Bool?) {
        key(name)
        if let flag { literal(flag ? "true" : "false") } else { literal("null") }
    }

    /// Writes a field whose value is already JSON.
    package mutating func field(_ name: StaticString, json: some Sequence<UInt8>) {
        key(name)
        value(json: json)
    }

    /// Writes a name known only at run time. The next call must write its value.
    package mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func string(_ text: String) {
        value()
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { escape(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func integer(_ number: Int64) {
        value()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Writes a value that is already JSON.
    package mutating func value(json: some Sequence<UInt8>) {
        value()
        bytes.append(contentsOf: json)
    }

    // MARK: Basic operations

    private mutating func enclose(
        _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) -> Void
    ) {
        value()
        bytes.append(opening)
        needsComma = false
        body(&self)
        bytes.append(closing)
        needsComma = true
    }

    private mutating func key(_ name: StaticString) {
        value()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func value() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func literal(_ word: StaticString) {
        value()
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x00..<0x20, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default:
            bytes.append(byte)
        }
    }
}
