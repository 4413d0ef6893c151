// systemd's own tool checks the unit, if the tool is installed.

import Foundation
import Testing

extension Processes {
    @Suite struct Unit {
        private static let tool = "/usr/bin/systemd-analyze"
        private static let isThere = FileManager.default.isExecutableFile(atPath: tool)

        /// The unit with the built command in place of the installed command.
        private func installed(on site: Site) throws -> String {
            let unit = try UnitFile().text
                .replacing("/usr/bin/loket", with: try Project.command().path)
            try site.write(unit, to: "loket.service")
            return site.path("loket.service")
        }

        @Test(.enabled(if: isThere, "scripts/test-release installs systemd"))
        func `systemd finds no error in the unit, and little exposure`() async throws {
            try await withSite { site in
                let path = try installed(on: site)
                let verified = try await site.run(
                    ["verify", "--man=no", path], program: Self.tool)
                #expect(verified.code == 0 && verified.errors.isEmpty, "\(verified)")
                // In tenths: 2.0 of 10.
                let judged = try await site.run(
                    ["security", "--offline=true", "--threshold=20", path], program: Self.tool)
                #expect(judged.code == 0, "\(judged)")
                #expect(judged.output.contains("Overall exposure level"), "\(judged)")
            }
        }
    }
}
