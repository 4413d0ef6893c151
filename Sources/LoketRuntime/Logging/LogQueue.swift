// Writes log lines to a descriptor: a bounded queue that any thread may fill, and one thread that
// writes. No caller ever waits for the reader of the log. Lines that do not fit into the queue, or
// cannot be written, are dropped and counted. A separate line reports the count as soon as lines
// can be written again.

import Foundation
import LoketCore
import LoketStore
import Synchronization

package final class LogQueue: Sendable {
    private struct State {
        /// The queued lines, each complete.
        var bytes: [UInt8] = []
        /// Whether a line was dropped for lack of room. Later lines are dropped too until the
        /// thread has taken the queue, so that the report appears at the gap.
        var isFull = false
        var isClosing = false
        /// Whether the last write ended inside a line.
        var isCut = false
        var lost = 0
        /// The number of lost lines that are not yet reported.
        var unreported = 0

        mutating func lose(_ count: Int) {
            lost += count
            unreported += count
        }
    }

    private let state = Mutex(State())
    private let thread = WritingThread(name: "loket-log")
    private let descriptor: Int32
    private let bytesMax: Int

    /// Starts the writing thread.
    ///
    /// - Parameter descriptor: must stay open while the queue is used.
    package init(
        to descriptor: Int32 = STDOUT_FILENO, bytesMax: Int = Limits.logQueueBytesMax
    ) {
        self.descriptor = descriptor
        self.bytesMax = bytesMax
        thread.start { [self] in writeQueued() }
    }

    /// The number of lines lost since the start.
    package var lost: Int { state.withLock(\.lost) }

    /// Queues a line, which includes its line feed. Never blocks on the descriptor.
    package func offer(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            if state.isClosing || state.bytes.count + line.count > bytesMax { state.isFull = true }
            guard !state.isFull else {
                state.lose(1)
                return false
            }
            defer { state.bytes += line }
            return state.bytes.isEmpty
        }
        if isFirst { thread.wake() }
    }

    /// Writes the queued lines and ends the thread, within `Limits.logClosingSeconds`: a log reader
    /// that does not read must not prevent the process from ending.
    package func close() {
        state.withLock { $0.isClosing = true }
        thread.wake()
        thread.join(within: .seconds(Limits.logClosingSeconds))
    }

    // MARK: The writing thread

    /// Writes the queued lines; returns false when the queue is closed and empty.
    private func writeQueued() -> Bool {
        let (lines, unreported) = state.withLock { state in
            defer {
                state.bytes = []
                state.isFull = false
            }
            return (state.bytes, state.unreported)
        }
        let lost = write(lines)
        if lost > 0 {
            state.withLock { $0.lose(lost) }
        } else {
            report(unreported)
        }
        let rest = state.withLock { state in
            state.isClosing && state.bytes.isEmpty ? state.unreported : nil
        }
        if let rest { report(rest) }
        return rest == nil
    }

    private func report(_ count: Int) {
        guard count > 0, write(Self.report(count)) == 0 else { return }
        state.withLock { $0.unreported -= count }
    }

    private static func report(_ count: Int) -> [UInt8] {
        JSONLog.line(.error, "log lines were lost", ["count": .number(count)])
    }

    /// - Returns: the number of lines that could not be written.
    private func write(_ lines: [UInt8]) -> Int {
        if lines.isEmpty { return 0 }
        if state.withLock(\.isCut), put([0x0A]) == 0 { return lines.count { $0 == 0x0A } }
        let count = put(lines)
        let isCut = count > 0 && lines[count - 1] != 0x0A
        state.withLock { $0.isCut = isCut }
        return lines[count...].count { $0 == 0x0A }
    }

    /// Writes bytes to the descriptor, and waits while the descriptor is not ready.
    ///
    /// - Returns: the number of bytes written before a failure, or all.
    private func put(_ bytes: [UInt8]) -> Int {
        var taken = 0
        while taken < bytes.count {
            let count = bytes[taken...].withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                taken += count
            } else if count < 0, errno == EAGAIN {
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        return taken
    }
}
