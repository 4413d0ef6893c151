// A file that is read with options, and its expected reading, in the notation of `Reading`.

import BillFiles
import Testing

struct OptionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let parameters: [String]
    let format: ImportFormat
    let bytes: [UInt8]
    let reading: String

    var testDescription: String { name }

    init(
        _ name: String, _ parameters: [String], format: ImportFormat = .csv, _ file: String,
        _ reading: String
    ) {
        self.init(name, parameters, format: format, bytes: Array(file.utf8), reading)
    }

    init(
        _ name: String, _ parameters: [String], format: ImportFormat = .csv, bytes: [UInt8],
        _ reading: String
    ) {
        (self.name, self.parameters, self.format) = (name, parameters, format)
        (self.bytes, self.reading) = (bytes, reading)
    }

    /// Reads the file in several divisions into chunks, and expects the same from each.
    func check() throws {
        let options = try FileOptions(parameters, format: format)
        let found = Reading.sure(bytes, options).description
        #expect(found == reading, "\(found)")
        #expect(FileOptions(json: options.json) == options, "\(options.json)")
    }
}

/// The bytes of a text in UTF-16.
func utf16(_ text: String, isLittle: Bool = true, hasMark: Bool = true) -> [UInt8] {
    ((hasMark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
        let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        return isLittle ? bytes : bytes.reversed()
    }
}
