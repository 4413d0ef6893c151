// Which connections of the gateway are closed to make room, and when, on the test's own clock.

import Logging
import NIOCore
import NIOEmbedded
import Testing
@testable import LoketGateway
@testable import LoketRuntime

struct CrowdTests {
    private static let places = 16
    private let loop = EmbeddedEventLoop()
    private let connections = GatewayConnections(
        max: Self.places, proxies: [], metrics: Metrics(log: Logger(label: "test")))

    private func connect(from address: String) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: loop)
        channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1024)
        _ = connections.enter(channel)
        return channel
    }

    /// `closeFuture` completes in a later turn of the loop.
    private func isClosed(_ channel: EmbeddedChannel) throws -> Bool {
        var isClosed = false
        channel.closeFuture.assumeIsolated().whenComplete { _ in isClosed = true }
        loop.run()
        return isClosed
    }

    @Test func `a quarter of the places is made free, one connection after another`() throws {
        let other = try connect(from: "192.0.2.2")
        let crowd = try (1..<Self.places).map { _ in try connect(from: "192.0.2.1") }
        #expect(try crowd.filter(isClosed).count == 1)
        loop.advanceTime(by: .milliseconds(10))
        #expect(try crowd.filter(isClosed).count == 2)
        loop.advanceTime(by: .seconds(1))
        let closed = try crowd.map(isClosed)
        #expect(closed == (0..<crowd.count).map { $0 < Self.places / 4 }, "the longest silent")
        #expect(try !isClosed(other))
    }

    @Test func `where every place is taken a new connection gets one immediately`() throws {
        let crowd = try (0..<Self.places + 1).map { _ in try connect(from: "192.0.2.1") }
        let closed = try crowd.filter(isClosed).count
        let new = try connect(from: "192.0.2.3")
        #expect(try crowd.filter(isClosed).count == closed + 1)
        #expect(try !isClosed(new))
    }
}
