// All writes to standard output and standard error. Failure to write a result is an error. A closed
// pipe ends the command, as `head` ends other tools. Errors while writing to standard error are
// ignored.

import ArgumentParser
import Foundation
import LoketCore
import LoketJSON

enum Output {
    /// The reader has closed the pipe. This error lets the command clean up before it ends.
    struct ReaderGone: Error {}

    private static let unwritten = "cannot write the output: "

    /// Prints one or more lines.
    ///
    /// - Throws: `ReaderGone` if the pipe is closed; `Failure` 1 for any other write error.
    static func print(_ text: String) throws {
        try write(Array((text + "\n").utf8))
    }

    /// Prints a JSON object on one line.
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

    /// Prints a note on standard error, in addition to the result. Write errors are ignored.
    static func note(_ text: String) {
        _ = put(Array(CarriedOptions.added(to: text).utf8), to: STDERR_FILENO)
    }

    /// Ends this process by SIGPIPE, which is otherwise ignored.
    static func endWithoutReader() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        // Reached only if the signal is blocked.
        exit(Failure.Code.no.rawValue)
    }

    /// - Returns: 0, or the `errno` of the failed write.
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

/// The option to print JSON instead of text.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the service's JSON unchanged.")
    var json = false

    func show(_ value: JSONValue, _ readable: (JSONValue) -> String) throws {
        try Output.print(
            json
                ? String(decoding: value.minified, as: UTF8.self)
                : CarriedOptions.added(to: readable(value)))
    }
}

// MARK: Values of an answer

/// Returns a string without quotes, any other value as JSON, and `-` for null or nil.
func shown(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "-" }
    return value.string ?? String(decoding: value.rawBytes, as: UTF8.self)
}

/// Returns an amount such as `Rp1.250.000`; `-` if there is none.
func shownAmount(_ value: JSONValue?) -> String {
    value?.integer.map { Rupiah.text(whole: $0) } ?? "-"
}

/// Returns a time in Jakarta time; nil if the value is not a time.
func wibTime(_ value: JSONValue?) -> String? {
    value?.string.flatMap { Moment(rfc3339: $0) }?.wibText
}

/// Returns a Jakarta time; `-` if there is none.
func shownTime(_ value: JSONValue?) -> String { wibTime(value) ?? "-" }

extension StringProtocol {
    /// The text with control and invisible characters escaped, such as `\u{1B}` for an escape, so
    /// that text from outside cannot control the terminal. Line feeds and tabs are escaped too.
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
