// A request that waits until there is something new to answer with. While it waits, it holds no
// connection of the database and no thread. Its wait ends when its client leaves.

import LoketCore
import LoketStore
import ServiceLifecycle

/// The wait of one request, for at most the seconds of its parameter `wait`. A stop of the service
/// ends it at once, and so does a client that closes its connection.
///
///     var news = try LongPoll(parameters, on: store.eventSignal, of: context)
///     var page = try await store.feed(after: after, limit: limit)
///     while page.events.isEmpty, await news.arrive() {
///         page = try await store.feed(after: page.end, limit: limit)
///     }
struct LongPoll {
    static let parameter = "wait"

    private let signal: CommitSignal
    private let context: AdminContext
    private let end: ContinuousClock.Instant
    /// The number of commits before the last read.
    private var seen: Int
    /// The time of the last read.
    private var readAt = ContinuousClock.now

    /// Create it before the first read.
    ///
    /// - Throws: `invalid_parameter` if `wait` is not a number of seconds within the limit.
    init(
        _ parameters: [String: String], on signal: CommitSignal, of context: AdminContext
    ) throws {
        let seconds = try parameters[Self.parameter].map(Self.seconds) ?? 0
        self.signal = signal
        self.context = context
        end = .now + .seconds(seconds)
        seen = signal.count
    }

    private static func seconds(_ text: String) throws -> Int {
        guard let seconds = text == "0" ? 0 : Int64(id: text).map(Int.init),
            seconds <= Limits.feedWaitSecondsMax
        else {
            throw Problem(
                .invalidParameter,
                "`\(parameter)` must be a number of seconds from 0 to "
                    + "\(Limits.feedWaitSecondsMax), such as \(Limits.feedWaitSecondsMax)")
        }
        return seconds
    }

    /// Waits for a commit.
    ///
    /// - Returns: true if the caller is to read again; false if the time is over, the service stops
    ///   or the client leaves.
    mutating func arrive() async -> Bool {
        let now = ContinuousClock.now
        guard now < end else { return false }
        let next = await cancelWhenGracefulShutdown { [context, signal, seen, readAt, end] in
            await context.connections?.cancelWhenClosed(context.channel) {
                await Self.next(of: signal, past: seen, readAt: readAt, until: end)
            } ?? nil
        }
        guard let next else { return false }
        seen = next
        readAt = .now
        return true
    }

    /// - Returns: the number of commits; nil if the time is over, or the task is cancelled.
    private static func next(
        of signal: CommitSignal, past seen: Int, readAt: ContinuousClock.Instant,
        until end: ContinuousClock.Instant
    ) async -> Int? {
        let count = await withTaskGroup(of: Int?.self) { tasks in
            tasks.addTask { await signal.wait(past: seen) }
            tasks.addTask {
                try? await Task.sleep(until: end)
                return nil
            }
            let first = await tasks.next() ?? nil
            tasks.cancelAll()
            return first
        }
        guard count != nil, !Task.isCancelled else { return nil }
        let earliest = readAt + .milliseconds(Limits.feedGapMilliseconds)
        try? await Task.sleep(until: min(earliest, end))
        // Commits of meanwhile are in the next read.
        return Task.isCancelled ? nil : signal.count
    }
}
