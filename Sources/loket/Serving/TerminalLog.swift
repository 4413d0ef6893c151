// The log of `loket serve` on a terminal: a banner instead of the lines about the start, then a
// line of text for each event. If standard output is not a terminal, the log is JSON (JSONLog).

import Foundation
import Logging
import LoketCore
import LoketRuntime
import Synchronization

struct TerminalLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let screen: ServeScreen
    private var least = Logger.Level.info

    init(on screen: ServeScreen) { self.screen = screen }

    /// Always `info`, so that "listening" arrives whatever level the settings choose.
    var logLevel: Logger.Level {
        get { .info }
        set { least = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let message = event.message.description
        if message == "listening",
            let gateway = fields["gateway_port"].flatMap({ Int($0.description) }),
            let admin = fields["admin_port"].flatMap({ Int($0.description) })
        {
            screen.listens(gateway: gateway, admin: admin)
        } else if event.level >= least {
            screen.show(Self.line(event.level, message, fields), event.level)
        }
    }

    private static func line(
        _ level: Logger.Level, _ message: String, _ fields: Logger.Metadata
    ) -> String {
        let rest = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        let mark = level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return Moment.now.wibText + " " + mark + (message + rest.joined()).visible
    }
}

/// The output on the terminal, in order.
final class ServeScreen: Sendable {
    private let lines: LogQueue
    private let banner: ServeBanner
    /// The lines that wait for the banner; nil once the banner is shown.
    private let held = Mutex<[String]?>([])

    init(_ lines: LogQueue, banner: ServeBanner) {
        self.lines = lines
        self.banner = banner
    }

    /// Shows a line. Until the banner, only warnings are stored; the banner replaces other lines.
    func show(_ line: String, _ level: Logger.Level) {
        let waits = held.withLock { held in
            if level >= .warning { held?.append(line) }
            return held != nil
        }
        if !waits { put(line) }
    }

    func listens(gateway: Int, admin: Int) {
        let findings = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        put(banner.text(gateway: gateway, admin: admin, findings: findings))
    }

    /// Shows the stored lines if the banner was never shown.
    func end() {
        let rest = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        rest.forEach(put)
    }

    private func put(_ text: String) { lines.offer(Array((text + "\n").utf8)) }
}
