// Browsers of the counter page: each signs in with the admin key and fetches the page Today, or the
// part of it that the page's script fetches every 5 seconds.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import NIOCore

struct PageBrowsers: Sendable {
    private let base: String
    private let key: String

    /// The time between two refreshes of one browser, as in the page's script.
    private static let interval = Duration.seconds(5)
    private static let bytesMax = 4 * 1024 * 1024

    init(service: ServiceProcess, key: String) {
        base = service.adminURL
        self.key = key
    }

    /// Returns the milliseconds that each of some fetches took.
    func times(of path: String, count: Int) async throws -> [Double] {
        let cookie = try await signIn()
        var times: [Double] = []
        for _ in 0..<count {
            let began = ContinuousClock.now
            try await fetch(path, cookie)
            times.append((ContinuousClock.now - began) / .milliseconds(1))
        }
        return times
    }

    /// Refreshes the page in some browsers, spread over the interval, until the task is cancelled.
    ///
    /// - Returns: the number of refreshes.
    func watch(_ count: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<count {
                group.addTask {
                    let cookie = try await signIn()
                    var refreshes = 0
                    do {
                        try await Task.sleep(for: Self.interval * index / count)
                        while true {
                            try await fetch("/ui/now", cookie)
                            refreshes += 1
                            try await Task.sleep(for: Self.interval)
                        }
                    } catch  where Task.isCancelled {
                        return refreshes
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Signs in and returns the session's cookie.
    private func signIn() async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        var request = HTTPClientRequest(url: base + "/ui/sign-in")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: "key=\(key)"))
        let answer = try await client.execute(request, timeout: .seconds(30))
        _ = try await answer.body.collect(upTo: Self.bytesMax)
        guard let cookie = answer.headers.first(name: "Set-Cookie")?.split(separator: ";").first
        else { throw BenchFailure("signing in was answered with \(answer.status)") }
        return String(cookie)
    }

    private func fetch(_ path: String, _ cookie: String) async throws {
        var request = HTTPClientRequest(url: base + path)
        request.headers.add(name: "Cookie", value: cookie)
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        _ = try await answer.body.collect(upTo: Self.bytesMax)
        guard answer.status == .ok else {
            throw BenchFailure("GET \(path) was answered with \(answer.status)")
        }
    }
}
