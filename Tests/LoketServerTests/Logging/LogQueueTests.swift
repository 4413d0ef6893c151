// The queue of log lines with a reader that stops reading or goes away, and on a full disk.

import Foundation
import LoketJSON
import LoketRuntime
import TestSupport
import Testing

struct LogQueueTests {
    /// More bytes than a pipe accepts at once.
    private static let pipeBytes = 100_000

    private static func line(_ number: Int, bytes: Int = 0) -> [UInt8] {
        let filling = String(repeating: "x", count: bytes)
        return Array("{\"line\":\(number),\"x\":\"\(filling)\"}\n".utf8)
    }

    /// For each line its number, or the text and the count of a loss report; nil: not JSON.
    private func told(_ bytes: some Sequence<UInt8>) -> [String?] {
        Array(bytes).split(separator: 0x0A).map { line in
            guard let root = try? StrictJSON(Array(line)).root else { return nil }
            if let number = root["line"]?.integer { return "\(number)" }
            return "\(root["message"]?.string ?? ""): \(root["fields"]?["count"]?.integer ?? 0)"
        }
    }

    /// Offers a line larger than the pipe, and waits until the thread blocks in writing.
    private func block(_ queue: LogQueue, until reader: Int32) async throws {
        queue.offer(Self.line(0, bytes: Self.pipeBytes))
        try await eventually {
            var arrived: Int32 = 0
            return ioctl(reader, UInt(FIONREAD), &arrived) == 0 && arrived > 0
        }
    }

    @Test func `lines that are not read are dropped and counted at their place`() async throws {
        let pipe = Pipe()
        let queue = LogQueue(to: pipe.fileHandleForWriting.fileDescriptor, bytesMax: 200_000)
        try await block(queue, until: pipe.fileHandleForReading.fileDescriptor)
        queue.offer(Self.line(1))
        queue.offer(Self.line(2, bytes: 200_000))
        queue.offer(Self.line(3))
        #expect(queue.lost == 2)

        let reader = pipe.fileHandleForReading
        var bytes = Data()
        while !told(bytes).contains("log lines were lost: 2") { bytes += reader.availableData }
        queue.offer(Self.line(4))
        queue.close()
        try pipe.fileHandleForWriting.close()
        bytes += try reader.readToEnd() ?? Data()
        #expect(told(bytes) == ["0", "1", "log lines were lost: 2", "4"])
        #expect(queue.lost == 2)
    }

    @Test func `a queue that is not read can be closed`() async throws {
        let pipe = Pipe()
        let queue = LogQueue(to: pipe.fileHandleForWriting.fileDescriptor)
        try await block(queue, until: pipe.fileHandleForReading.fileDescriptor)
        queue.close()
        queue.offer(Self.line(1))
        #expect(queue.lost == 1)
        // The queue's thread, which still writes to the pipe, can then end.
        var bytes = Data()
        while !told(bytes).contains("log lines were lost: 1") {
            bytes += pipe.fileHandleForReading.availableData
        }
    }

    @Test func `a line cut off by the end of its reader is ended before the next`() async throws {
        signal(SIGPIPE, SIG_IGN)
        try await withFolder { folder in
            let path = folder.file("log")
            #expect(mkfifo(path, 0o600) == 0)
            let gone = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            let writer = open(path, O_WRONLY | O_CLOEXEC)
            let queue = LogQueue(to: writer)
            try await block(queue, until: gone)
            close(gone)
            try await eventually { queue.lost == 1 }

            // The bytes that the first reader did not read are still in the pipe.
            let reader = FileHandle(
                fileDescriptor: open(path, O_RDONLY | O_CLOEXEC), closeOnDealloc: true)
            queue.offer(Self.line(1))
            var bytes = Data()
            while !told(bytes).contains("log lines were lost: 1") { bytes += reader.availableData }
            queue.close()
            close(writer)
            #expect(told(bytes) == [nil, "1", "log lines were lost: 1"])
        }
    }

    @Test func `a full disk loses every line and counts it`() {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let queue = LogQueue(to: full)
        for number in 0..<100 { queue.offer(Self.line(number)) }
        queue.close()
        #expect(queue.lost == 100)
    }
}
