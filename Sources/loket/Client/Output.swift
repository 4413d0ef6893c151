// The one way to standard output, and the one to standard error. A result that cannot be written
// whole is an error; a reader that has closed the pipe ends the command, as `head` ends other tools.
// What goes to standard error is written if possible.

import ArgumentParser
import Foundation
import LoketCore
import LoketJSON

enum Output {
    /// Nobody reads any more. Thrown, so that the command cleans up before it ends.
    struct ReaderGone: Error {}

    private static let unwritten = "cannot write the output: "

    /// A line, or several.
    ///
    /// - Throws: `ReaderGone`, or `Failure` 1 where it cannot be written.
    static func print(_ text: String) throws {
        try write(Array((text + "\n").utf8))
    }

    /// One JSON object on a line of its own.
    static func print(json fields: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter()
        writer.object(fields)
        try write(writer.bytes + [UInt8(ascii: "\n")])
    }

    static func write(_ bytes: [UInt8]) throws {
        switch put(bytes, to: STDOUT_FILENO) {
        case 0: break
        case EPIPE: throw ReaderGone()
        case let code: throw Failure(.no, unwritten + String(cString: strerror(code)))
        }
    }

    /// A note beside the result, on standard error. A failure to write it is ignored.
    static func note(_ text: String) {
        _ = put(Array(CarriedOptions.added(to: text).utf8), to: STDERR_FILENO)
    }

    /// Ends this process as SIGPIPE would have, had it not been ignored.
    static func endWithoutReader() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        // Only where the signal is blocked.
        exit(Failure.Code.no.rawValue)
    }

    /// - Returns: 0, or the error's number.
    private static func put(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : EIO }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }
}

/// How the result is printed.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the service's JSON as it is.")
    var json = false

    func show(_ value: JSONValue, _ readable: (JSONValue) -> String) throws {
        try Output.print(
            json
                ? String(decoding: value.minified, as: UTF8.self)
                : CarriedOptions.added(to: readable(value)))
    }

    /// A page of a list, a line for each item, and how to see the next page.
    ///
    /// - Parameters:
    ///   - nothing: what is said where the page is empty.
    ///   - beside: lines about what is none of the items.
    func show(
        page: JSONValue, orElse nothing: String, beside: (JSONValue) -> [String] = { _ in [] },
        _ line: (JSONValue) -> String
    ) throws {
        try show(page) { page in
            let lines = (page["items"]?.elements ?? []).map(line) + beside(page)
            let more = page["next_cursor"]?.string.map { ["more: --cursor \($0)"] } ?? []
            // An empty page may have a next one.
            let shown = lines + more
            return shown.isEmpty ? nothing : shown.joined(separator: "\n")
        }
    }
}

// MARK: Values of an answer

/// A string as it is, another value as it is written; `-` for null and for what is missing.
func shown(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "-" }
    return value.string ?? String(decoding: value.rawBytes, as: UTF8.self)
}

/// A time as it is in Jakarta; nil for what is none.
func wibTime(_ value: JSONValue?) -> String? {
    value?.string.flatMap { Moment(rfc3339: $0) }?.wibText
}

/// The same, with `-` for none.
func shownTime(_ value: JSONValue?) -> String { wibTime(value) ?? "-" }

extension StringProtocol {
    /// Text from outside, as a terminal may show it: what would steer the terminal, or
    /// cannot be seen, is written out, `\u{1B}` for an escape; line feeds and tabs too.
    var visible: String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                shown.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
