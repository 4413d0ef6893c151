// The one way to standard output, and the one to standard error. What a command came to is looked
// after to the last byte: a full disk is an error, and a reader who has gone ends the command, as
// `head` ends other tools. What is said on standard error is said if it can be.

import Foundation
import LoketJSON

enum Output {
    /// Nobody reads any more. Thrown, so that what was begun is put away on the way out.
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

    /// A word beside the result, on standard error. Where that fails there is nobody else to tell.
    static func tell(_ text: String) {
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
