// A wall clock for the processes of a test, which the test sets while they run.

import Foundation
import LoketCore
import TestSupport

/// The wall clock of processes that are started with its environment. It runs like the machine's,
/// which it does not change; timers are not affected.
///
///     let clock = try ProcessClock(in: site.temporary)
///     let service = try await site.serve(environment: clock.environment)
///     clock.advance(milliseconds: 3_600_000)
final class ProcessClock {
    /// The variables with which a process has this clock.
    let environment: [String: String]
    /// The milliseconds by which the clock is ahead, in the file that the processes read.
    private let ahead: UnsafeMutablePointer<Int64>

    /// - Parameter folder: Where the clock's files are written.
    init(in folder: URL) throws {
        let library = folder.file("process_clock.so")
        try Program.run(
            "clang", "-shared", "-fPIC", "-O1", "-o", library,
            Project.url("Tests/ProjectTests/Fixtures/process_clock.c").path)
        let file = folder.file("process_clock")
        let size = MemoryLayout<Int64>.size
        try Data(count: size).write(to: URL(fileURLWithPath: file))
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        let page = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let page, page != MAP_FAILED else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        ahead = page.bindMemory(to: Int64.self, capacity: 1)
        environment = ["LD_PRELOAD": library, "LOKET_TEST_CLOCK": file]
    }

    deinit { munmap(ahead, MemoryLayout<Int64>.size) }

    var now: Moment {
        Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            .adding(milliseconds: ahead.pointee)
    }

    /// - Parameter milliseconds: Negative to set the clock back.
    func advance(milliseconds: Int64) { ahead.pointee += milliseconds }
}
