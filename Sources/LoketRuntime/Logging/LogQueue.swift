// The way of log lines to a descriptor: a bounded queue that any thread may fill, and one thread
// that writes. No caller ever waits for the reader of the log. Lines that find no room, or cannot
// be written, are dropped and counted, and a line of its own reports the count as soon as one can
// be written again.

import Foundation
import LoketCore
import LoketStore
import Synchronization

package final class LogQueue: Sendable {
    private struct State {
        /// Whole lines, one after the other.
        var bytes: [UInt8] = []
        /// A line found no room. Those after it are dropped too until the thread has taken what is
        /// queued, so that the report is where the gap is.
        var isFull = false
        var isClosing = false
        /// What was written last ends inside a line.
        var isCut = false
        var lost = 0
        /// Those of the lost lines that no report has counted.
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
    /// - Parameter descriptor: stays open for as long as the queue is used.
    package init(
        to descriptor: Int32 = STDOUT_FILENO, bytesMax: Int = Limits.logQueueBytesMax
    ) {
        self.descriptor = descriptor
        self.bytesMax = bytesMax
        thread.start { [self] in writeQueued() }
    }

    /// Lines lost since the start.
    package var lost: Int { state.withLock(\.lost) }

    /// Queues a line with its line feed. Never blocks on the descriptor.
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

    /// Writes what is queued and ends the thread, within `Limits.logClosingSeconds`: a reader that
    /// does not read must not keep the process from ending.
    package func close() {
        state.withLock { $0.isClosing = true }
        thread.wake()
        thread.join(within: .seconds(Limits.logClosingSeconds))
    }

    // MARK: The writing thread

    /// - Returns: false once it is closed and nothing is queued.
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

    /// - Returns: how many of the lines could not be written.
    private func write(_ lines: [UInt8]) -> Int {
        if lines.isEmpty { return 0 }
        if state.withLock(\.isCut), put([0x0A]) == 0 { return lines.count { $0 == 0x0A } }
        let count = put(lines)
        let isCut = count > 0 && lines[count - 1] != 0x0A
        state.withLock { $0.isCut = isCut }
        return lines[count...].count { $0 == 0x0A }
    }

    /// Writes as much as the descriptor takes, and waits where it takes nothing for now.
    ///
    /// - Returns: how many bytes it took before it failed.
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
