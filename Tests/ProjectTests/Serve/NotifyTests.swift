// `serve` as systemd starts it: with the unit's own command line and a notify socket.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Notify {
        /// A message is sent after half of this time, so the test waits no longer than needed.
        private static let watchdog = "200000"

        @Test(arguments: ["a path", "an abstract address"])
        func `systemd is notified of start, state, reload and stop`(_ kind: String) async throws {
            try await withSite { site in
                let path = kind == "a path" ? site.temporary.path + "/notify" : nil
                let receiver = try NotifyReceiver(path: path)
                let child = try site.start(
                    try UnitFile().arguments(settings: "loket.yaml"),
                    environment: [
                        "NOTIFY_SOCKET": receiver.address, "WATCHDOG_USEC": Self.watchdog,
                    ])
                try await eventually("READY=1") {
                    receiver.messages.contains("READY=1") || !child.isRunning
                }
                let start = receiver.messages.prefix { $0 != "READY=1" }
                #expect(start.first == "STATUS=opening the database")
                #expect(start.last?.hasPrefix("EXTEND_TIMEOUT_USEC=") == true, "\(start)")
                // At this time both listeners have reported their start.
                let service = try await Service(child, on: site)
                #expect(try await service.admin("GET", "/ready")["ready"]?.bool == true)
                try await eventually("a state") { receiver.messages.contains("STATUS=open") }
                func signs() -> Int { receiver.messages.count { $0 == "WATCHDOG=1" } }
                try await eventually("signs of life") { signs() > 2 }

                _ = try await service.admin("POST", "/admin/v1/pause", #"{"reason":"test"}"#)
                try await eventually("the new state") {
                    receiver.messages.contains { $0.hasPrefix("STATUS=paused: ") }
                }

                child.send(SIGHUP)
                try await eventually("the reload") {
                    receiver.messages.filter { !$0.contains("STATUS") && $0 != "WATCHDOG=1" }
                        .suffix(2) == ["RELOADING=1", "READY=1"]
                }
                let alive = signs()
                try await eventually("signs of life after it") { signs() > alive }

                #expect(try await service.stop().code == 0)
                #expect(receiver.messages.contains("STOPPING=1"))
                #expect(receiver.messages.contains { $0.hasSuffix("\nSTATUS=stopping") })
            }
        }
    }
}
