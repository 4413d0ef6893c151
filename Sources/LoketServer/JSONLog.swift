// One JSON object per line. Whatever is logged, a line stays a line: control characters are escaped
// by the writer, so nobody can forge a second one.

import DokuWire
import Foundation
import LoketCore
import Logging

package struct JSONLog: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]

    private let queue: LogQueue

    package init(to queue: LogQueue) {
        self.queue = queue
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        queue.offer(Self.line(event.level, event.message.description, fields))
    }

    /// The line with its line feed.
    static func line(
        _ level: Logger.Level, _ message: String, _ fields: Logger.Metadata
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { line in
            line.field("at", Moment.now.utcText)
            line.field("level", level.rawValue)
            line.field("message", message)
            if !fields.isEmpty {
                line.object("fields") { object in
                    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                        object.field(named: key, value.description)
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }
}

extension Moment {
    /// The wall clock. Read at the edges only, and passed on from there.
    package static var now: Moment {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
