// The progress of a long operation, on standard error: a bar on a terminal, else a line every 5
// seconds. It is never part of a command's result.

import Foundation
import LoketStore
import Synchronization

final class Progress: Sendable {
    /// The operation whose progress is shown.
    struct Step: Sendable, Equatable {
        /// The verb for the operation, such as `sending`.
        let doing: String
        let unit: Unit
        /// The total number of units; nil if unknown.
        let total: Int64?
    }

    enum Unit: Sendable { case bytes, rows }

    private struct State {
        var step: Step?
        var done: Int64 = 0
        var began = ContinuousClock.now
        /// The time of the last display; nil if none.
        var shown: ContinuousClock.Instant?
        var hasBar = false
    }

    private let state: Mutex<State>
    private let isTerminal: Bool
    private let interval: Duration

    /// - Parameter isTerminal: By default, whether standard error is a terminal.
    init(isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.isTerminal = isTerminal
        interval = isTerminal ? .milliseconds(100) : .seconds(5)
        // In a log, a short operation prints nothing.
        state = Mutex(State(shown: isTerminal ? nil : .now))
    }

    /// Shows the number of units done.
    func show(_ step: Step, done: Int64) {
        let now = ContinuousClock.now
        let line: String? = state.withLock { state in
            if state.step?.doing != step.doing { state.began = now }
            state.step = step
            state.done = done
            if let shown = state.shown, now - shown < interval { return nil }
            state.shown = now
            state.hasBar = isTerminal
            return ProgressText.line(step, done: done, for: now - state.began, bar: isTerminal)
        }
        if let line { write(isTerminal ? "\r\(line)\u{1B}[K" : line + "\n") }
    }

    /// Adds to the number of units done.
    func add(_ more: Int64, to step: Step) {
        let before = state.withLock { $0.step?.doing == step.doing ? $0.done : 0 }
        show(step, done: before + more)
    }

    /// Shows an operation of unknown progress; only on a terminal.
    func say(_ doing: String) {
        guard isTerminal else { return }
        state.withLock { state in
            state.step = nil
            state.hasBar = true
        }
        write("\r\(doing) …\u{1B}[K")
    }

    /// Removes the bar.
    func end() {
        let hadBar = state.withLock { state in
            defer { state.hasBar = false }
            return state.hasBar
        }
        if hadBar { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { Output.note(text) }
}

enum ProgressText {
    private static let barWidth = 20

    /// Returns `sending   45% [=========           ] 12.3 of 27.0 MB, 8.1 MB/s, 2 s left`, at most
    /// 79 characters.
    static func line(
        _ step: Progress.Step, done: Int64, for time: Duration, bar: Bool
    ) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let rate = seconds > 0.2 ? Double(done) / seconds : 0
        var parts: [String] = []
        if let total = step.total, total > 0 {
            parts.append(amount(done, of: total, step.unit))
        } else {
            parts.append(amount(done, of: nil, step.unit))
        }
        if rate > 0 { parts.append(speed(rate, step.unit)) }
        if rate > 0, let total = step.total, total > done {
            parts.append("\(left(Double(total - done) / rate)) left")
        }
        let rest = parts.joined(separator: ", ")
        guard let total = step.total, total > 0 else { return "\(step.doing) \(rest)" }
        let share = min(1, Double(done) / Double(total))
        let percent = "\(Int(share * 100))%"
        let padded = String(repeating: " ", count: max(1, 5 - percent.count)) + percent
        guard bar else { return "\(step.doing)\(padded) \(rest)" }
        let full = Int(share * Double(barWidth))
        let drawn =
            String(repeating: "=", count: full)
            + String(repeating: " ", count: barWidth - full)
        return "\(step.doing)\(padded) [\(drawn)] \(rest)"
    }

    /// Returns, for example, `1,234,567`.
    static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// Returns, for example, `12.3 MB`, `13 kB` or `117 bytes`.
    static func size(_ bytes: Int64) -> String {
        if bytes < 1000 { return "\(bytes) bytes" }
        return bytes < 1_000_000
            ? "\(grouped((bytes + 999) / 1000)) kB" : "\(tenths(Double(bytes) / 1e6)) MB"
    }

    private static func amount(_ done: Int64, of total: Int64?, _ unit: Progress.Unit) -> String {
        switch unit {
        case .bytes: total.map { "\(size(done)) of \(size($0))" } ?? size(done)
        case .rows: (total.map { "\(grouped(done)) of \(grouped($0))" } ?? grouped(done)) + " rows"
        }
    }

    private static func speed(_ rate: Double, _ unit: Progress.Unit) -> String {
        switch unit {
        case .bytes: "\(size(Int64(rate)))/s"
        case .rows: "\(grouped(Int64(rate)))/s"
        }
    }

    private static func left(_ seconds: Double) -> String {
        let whole = Int64(min(seconds.rounded(.up), 1e6))
        return switch whole {
        case ..<100: "\(whole) s"
        case ..<6000: "\((whole + 59) / 60) min"
        default: "\((whole + 3599) / 3600) h"
        }
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(grouped(tenths / 10)).\(tenths % 10)"
    }
}

extension Progress {
    func show(_ stage: InspectionStage) {
        switch stage {
        case .pages: say("checking pages")
        case .bills(let count, let all):
            show(Step(doing: "checking bills", unit: .rows, total: all), done: count)
        case .notifications(let count, let all):
            show(Step(doing: "checking notifications", unit: .rows, total: all), done: count)
        }
    }
}
