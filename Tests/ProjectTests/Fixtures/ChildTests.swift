// The processes that tests start leave nothing behind, whatever their number.

import Foundation
import Testing

extension Processes {
    @Suite struct Children {
        @Test func `processes that ended leave no file open`() async throws {
            try await withSite { site in
                for _ in 0..<5 { _ = try await site.run([], program: "true") }
                let folder = "/proc/self/fd"
                let open = try FileManager.default.contentsOfDirectory(atPath: folder)
                    .compactMap {
                        try? FileManager.default.destinationOfSymbolicLink(
                            atPath: folder + "/" + $0)
                    }
                #expect(!open.contains { $0.contains("output-") }, "\(open)")
            }
        }
    }
}
