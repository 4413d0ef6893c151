// A log handler that writes one JSON object per line. The JSON writer escapes control characters,
// so that a logged value cannot forge a second line.

import Foundation
import Logging
import LoketCore
import LoketJSON
import LoketStore

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

    /// Returns a line of the log with its line feed.
    static func line(
        _ level: Logger.Level, _ message: String, _ fields: Logger.Metadata
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { line in
            line.field("at", Moment.now.utcText)
            line.field("level", level.rawValue)
            line.field("message", message)
            if !fields.isEmpty {
                line.object("fields") { $0.members(fields) }
            }
        }
        return writer.bytes + [0x0A]
    }
}

extension Logger {
    package func at(_ level: Settings.Log.Level) -> Logger {
        var log = self
        log.logLevel =
            switch level {
            case .error: .error
            case .warning: .warning
            case .info: .info
            }
        return log
    }

    /// A logger for libraries, without `info`, at which they log what belongs to `debug`.
    package var quiet: Logger {
        var log = self
        log.logLevel = max(.warning, logLevel)
        return log
    }
}

extension JSONWriter {
    fileprivate mutating func members(_ fields: Logger.Metadata) {
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            self.name(name)
            write(value)
        }
    }

    private mutating func write(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let value):
            switch value {
            case let flag as Bool: self.value(json: "\(flag)".utf8)
            case let number as any BinaryInteger: self.value(json: "\(number)".utf8)
            default: string(value.description)
            }
        case .array(let values): array { list in for value in values { list.write(value) } }
        case .dictionary(let fields): object { $0.members(fields) }
        }
    }
}

extension Logger.MetadataValue {
    /// Returns a value that is written as a JSON number. Ids are strings, as in the admin API.
    package static func number(_ number: some BinaryInteger) -> Logger.MetadataValue {
        .stringConvertible(Int64(clamping: number))
    }
}
