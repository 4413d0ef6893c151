// One JSON object per line on standard output. Whatever is logged, a line stays a line: control
// characters are escaped by the writer, so nobody can forge a second one.

import DokuWire
import Foundation
import LoketCore
import Logging

package struct JSONLog: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]

    package init() {}

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var writer = JSONWriter()
        writer.object { line in
            line.field("at", Moment.now.utcText)
            line.field("level", event.level.rawValue)
            line.field("message", event.message.description)
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            if !fields.isEmpty {
                line.object("fields") { object in
                    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                        object.field(named: key, value.description)
                    }
                }
            }
        }
        Self.write(writer.bytes + [0x0A])
    }

    /// A log that nobody takes must not stop the answers: what cannot be written is dropped.
    private static func write(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension Moment {
    /// The wall clock. Read at the edges only, and passed on from there.
    package static var now: Moment {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
