// Splits a JSON array into the bytes of its objects, without holding the array in memory. Whether an
// object is right is decided when it is read.

import LoketCore

struct JSONArrayItems {
    private enum Place {
        case opening
        /// After `[`, or after a comma.
        case first, next
        case object
        case afterObject
        case end
    }

    private(set) var bytes: [UInt8] = []
    /// The number of the object that is read now, from 1.
    private(set) var number = 1
    private var place = Place.opening
    private var depth = 0
    private var isInString = false
    private var isAfterBackslash = false

    /// Reads until an object is complete or the bytes end.
    ///
    /// - Returns: true if `bytes` is a complete object. Call `nextItem` before the next scan.
    mutating func scan(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        while position < more.count {
            if place == .object {
                if try scanObject(more, &position) { return true }
                continue
            }
            let byte = more[position]
            position += 1
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { continue }
            switch (place, byte) {
            case (.opening, UInt8(ascii: "[")): place = .first
            case (.first, UInt8(ascii: "]")), (.afterObject, UInt8(ascii: "]")): place = .end
            case (.afterObject, UInt8(ascii: ",")): place = .next
            case (.first, UInt8(ascii: "{")), (.next, UInt8(ascii: "{")):
                place = .object
                position -= 1
            default: throw unexpected(byte)
            }
        }
        return false
    }

    mutating func nextItem() {
        bytes.removeAll(keepingCapacity: true)
        number += 1
    }

    /// Ends the file.
    ///
    /// - Returns: false if there was no byte but white space.
    func finish() throws(FileFault) -> Bool {
        switch place {
        case .opening: return false
        case .end: return true
        case .object:
            throw FileFault(
                line: number, value: shownValue(bytes),
                reason: "the file ends inside an object: send the whole file")
        case .first, .next, .afterObject:
            throw FileFault(
                reason: "the file ends before the array does: send the whole file, with ] after "
                    + "the last object")
        }
    }

    private mutating func scanObject(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let start = position
        var isWhole = false
        while position < more.count, !isWhole {
            let byte = more[position]
            position += 1
            if isInString {
                if isAfterBackslash {
                    isAfterBackslash = false
                } else if byte == UInt8(ascii: "\\") {
                    isAfterBackslash = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                isWhole = depth == 0
            }
        }
        guard bytes.count + position - start <= Limits.importRowBytesMax else {
            throw FileFault(
                line: number,
                reason: "the object is longer than \(Limits.importRowBytesMax / 1024) KiB, or a "
                    + "quote or brace in it is never closed")
        }
        bytes.append(contentsOf: more[start..<position])
        if isWhole { place = .afterObject }
        return isWhole
    }

    private func unexpected(_ byte: UInt8) -> FileFault {
        let wanted =
            switch place {
            case .opening: "the array must begin with ["
            case .afterObject: "a comma or ] must follow an object"
            case .end: "nothing may follow the array"
            case .first, .next, .object: "the array must contain objects only"
            }
        let isAfterObject = place == .end || place == .afterObject
        let line = isAfterObject ? number - 1 : number
        return FileFault(
            line: line > 0 ? line : nil,
            value: shownValue([byte]), reason: "the file is not a JSON array of bills: \(wanted)")
    }
}
