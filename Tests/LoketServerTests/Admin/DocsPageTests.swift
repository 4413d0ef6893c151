// The page in a real browser against the running service: its content, its console messages and its
// requests. Chromium, headless, with a separate profile.

import Foundation
import LoketCore
import TestSupport
import Testing

struct DocsPageTests {
    /// What the browser reported about the page.
    private struct Visit {
        let dom: String
        let log: String
        /// Requests of the service's pages, and the page that was opened.
        let requests: [(initiator: String, url: String)]
    }

    private static let browser =
        ProcessInfo.processInfo.environment["LOKET_BROWSER"] ?? "/usr/bin/chromium"
    private static let isThere = FileManager.default.isExecutableFile(atPath: browser)

    private func visit(_ url: String, in folder: URL) async throws -> Visit {
        for name in ["dom", "log"] {
            try Data().write(to: folder.appendingPathComponent(name))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.browser)
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--user-data-dir=\(folder.file("profile"))",
            "--enable-logging=stderr", "--log-net-log=\(folder.file("net.json"))",
            "--virtual-time-budget=30000", "--window-size=360,800", "--dump-dom", url,
        ]
        process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin"]
        process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent("dom"))
        process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent("log"))
        try process.run()
        do {
            try await eventually { !process.isRunning }
        } catch {
            process.terminate()
            throw error
        }
        return Visit(
            dom: try String(contentsOfFile: folder.file("dom"), encoding: .utf8),
            log: try String(contentsOfFile: folder.file("log"), encoding: .utf8),
            requests: try requests(Data(contentsOf: folder.appendingPathComponent("net.json"))))
    }

    /// Reads the browser's own network log.
    private func requests(_ log: Data) throws -> [(initiator: String, url: String)] {
        let root = try #require(
            try JSONSerialization.jsonObject(with: log) as? [String: Any])
        let events = root["events"] as? [[String: Any]] ?? []
        return events.compactMap { event in
            guard let parameters = event["params"] as? [String: Any],
                let url = parameters["url"] as? String,
                let initiator = parameters["initiator"] as? String
            else { return nil }
            return (initiator, url)
        }
    }

    @Test(
        .enabled(if: isThere, "scripts/test-release installs chromium; LOKET_BROWSER names another")
    )
    func `a browser shows every operation and asks no other host`() async throws {
        try await withService { service in
            try await withFolder { folder in
                let host = "http://127.0.0.1:\(service.adminPort)"
                let seen = try await visit(host + "/docs", in: folder)
                let document = try await OpenAPIReader(service)
                for operation in document.operations {
                    let mark = "data-operation=\"\(operation.method.lowercased()) "
                    #expect(seen.dom.contains(mark + operation.path + "\""), "\(operation)")
                }
                for type in document.root["x-problem-types"]?.elements ?? [] {
                    let name = type["type"]?.string?.split(separator: ":").last ?? ""
                    #expect(seen.dom.contains("id=\"problem-\(name)\""), "\(name)")
                }
                #expect(seen.dom.contains("<h1>loket admin API</h1>"))
                #expect(!seen.log.contains(":CONSOLE"), "\(seen.log)")
                let asked = seen.requests.filter { $0.initiator.hasPrefix("http") }
                #expect(asked.contains { $0.url == host + "/openapi.json" })
                for request in asked {
                    #expect(request.url.hasPrefix(host + "/"), "\(request.url)")
                }
            }
        }
    }

    @Test(
        .enabled(if: isThere, "scripts/test-release installs chromium; LOKET_BROWSER names another")
    )
    func `a filter hides empty sections and the introduction`() async throws {
        try await withService { service in
            try await withFolder { folder in
                let host = "http://127.0.0.1:\(service.adminPort)"
                let seen = try await visit(host + "/docs?routes=webhooks", in: folder)
                func isHidden(_ mark: String) -> Bool? {
                    seen.dom.components(separatedBy: "<").first { $0.contains(mark) }
                        .map { $0.contains("hidden=\"\"") }
                }
                #expect(isHidden("section aria-labelledby=\"tag-webhooks\"") == false)
                for tag in ["tag-bills", "tag-payments", "tag-service"] {
                    #expect(isHidden("section aria-labelledby=\"\(tag)\"") == true, "\(tag)")
                }
                #expect(isHidden("id=\"problems\"") == true)
                #expect(isHidden("div data-whole=\"\"") == true)
                // The contents are closed at the width of a telephone.
                #expect(seen.dom.contains("<details id=\"menu\"><summary>"))
                #expect(!seen.log.contains(":CONSOLE"), "\(seen.log)")
            }
        }
    }
}
