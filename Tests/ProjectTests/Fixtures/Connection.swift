// A plain TCP connection that speaks as much HTTP as the tests need, byte by byte where they want
// to; and the test's own listening sockets.

import DokuSimulator
import Foundation
import TestSupport

final class Connection: Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String

        init(_ what: String) {
            description = "\(what): \(String(cString: strerror(errno)))"
        }
    }

    /// Seconds for which a read waits, so that a test fails and does not hang.
    private static let readSeconds = 60

    private let descriptor: Int32

    /// - Parameter address: the loopback address that it comes from.
    init(port: Int, from address: String = "127.0.0.1") throws {
        descriptor = makeSocket()
        var limit = timeval(tv_sec: Self.readSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        guard loopback(0, at: address, { bind(descriptor, $0, $1) }) == 0 else {
            throw Failed("bind to \(address)")
        }
        guard loopback(port, { connect(descriptor, $0, $1) }) == 0 else {
            throw Failed("connect to \(port)")  // and deinit closes it
        }
    }

    deinit { close(descriptor) }

    static func ask(_ request: DokuRequest, port: Int) async throws -> DokuAnswer {
        try await blocking {
            let connection = try Connection(port: port)
            return try connection.ask(request)
        }
    }

    /// Blocks until the whole answer is there.
    func ask(_ request: DokuRequest) throws -> DokuAnswer {
        try send(Self.bytes(of: request))
        return try answer()
    }

    static func bytes(of request: DokuRequest) -> [UInt8] {
        var addressed = request
        addressed.headers.append(Header("Host", "127.0.0.1"))
        addressed.headers.append(Header("Content-Length", "\(request.body.count)"))
        return SavedRequest.bytes(of: addressed)
    }

    func send(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failed("send") }
            rest = rest.dropFirst(count)
        }
    }

    func answer() throws -> DokuAnswer {
        var bytes: [UInt8] = []
        while true {
            if let answer = Self.whole(bytes) { return answer }
            var space = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &space, space.count, 0)
            guard count > 0 else { throw Failed("the answer ends after \(bytes.count) bytes") }
            bytes += space.prefix(count)
        }
    }

    private static func whole(_ bytes: [UInt8]) -> DokuAnswer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let headers = lines.dropFirst().compactMap { line -> Header? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Header(String(line[..<colon]), String(value))
        }
        let words = lines.first?.split(separator: " ") ?? []
        var answer = DokuAnswer(
            status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: headers, body: [])
        let length = answer.header("Content-Length").flatMap { Int($0) } ?? 0
        guard bytes.count >= end.upperBound + length else { return nil }
        answer.body = Array(bytes[end.upperBound..<end.upperBound + length])
        return answer
    }
}

/// A socket that has a port of the loopback address for as long as it lives.
final class Listener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        let made = makeSocket()
        descriptor = made
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { space in
                loopback(0) { bind(made, $0, $1) } + listen(made, 1)
                    + getsockname(made, space, &size)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard code == 0 else { throw Connection.Failed("listen") }
    }

    deinit { close(descriptor) }

    /// A port that nobody had a moment ago.
    static func freePort() throws -> Int { try Listener().port }
}

/// Not inherited by the processes that the tests start.
private func makeSocket() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
}

private func loopback(
    _ port: Int, at text: String = "127.0.0.1",
    _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr(text)
    return withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
