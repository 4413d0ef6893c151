// A plain TCP connection that supports the HTTP that the tests need and can send single bytes, a
// parser for answers, and listening sockets for tests.

import DokuSimulator
import Foundation

package final class Connection: Sendable {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String

        package init(_ what: String) {
            description = "\(what): \(String(cString: strerror(errno)))"
        }
    }

    /// The time limit of a read in seconds, so that a test fails instead of hanging.
    private static let readSeconds = 60

    private let descriptor: Int32

    /// - Parameter address: The loopback address of the client.
    package init(port: Int, from address: String = "127.0.0.1") throws {
        descriptor = makeSocket()
        var limit = timeval(tv_sec: Self.readSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        guard loopback(0, at: address, { bind(descriptor, $0, $1) }) == 0 else {
            throw Failed("bind to \(address)")
        }
        guard loopback(port, { connect(descriptor, $0, $1) }) == 0 else {
            throw Failed("connect to \(port)")  // deinit closes the socket
        }
    }

    deinit { close(descriptor) }

    package static func ask(_ request: DokuRequest, port: Int) async throws -> DokuAnswer {
        try await blocking {
            let connection = try Connection(port: port)
            return try connection.ask(request)
        }
    }

    /// Blocks until the whole answer is received.
    package func ask(_ request: DokuRequest) throws -> DokuAnswer {
        try send(Self.bytes(of: request))
        return try answer()
    }

    package static func bytes(of request: DokuRequest) -> [UInt8] {
        var addressed = request
        addressed.headers.append(Header("Host", "127.0.0.1"))
        addressed.headers.append(Header("Content-Length", "\(request.body.count)"))
        return SavedRequest.bytes(of: addressed)
    }

    package func send(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failed("send") }
            rest = rest.dropFirst(count)
        }
    }

    package func answer() throws -> DokuAnswer {
        var bytes: [UInt8] = []
        while true {
            if let (answer, _) = DokuAnswer.parse(bytes) { return answer }
            guard try receive(&bytes) else {
                throw Failed("the answer ends after \(bytes.count) bytes")
            }
        }
    }

    /// Returns all answers once the other side closes.
    package func answersUntilEnd() throws -> [DokuAnswer] {
        var bytes: [UInt8] = []
        while try receive(&bytes) {}
        var answers: [DokuAnswer] = []
        while let (answer, length) = DokuAnswer.parse(bytes) {
            answers.append(answer)
            bytes.removeFirst(length)
        }
        return answers
    }

    /// Returns false at the end of the connection.
    private func receive(_ bytes: inout [UInt8]) throws -> Bool {
        var space = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &space, space.count, 0)
        guard count >= 0 else { throw Failed("recv") }
        bytes += space.prefix(count)
        return count > 0
    }
}

extension DokuAnswer {
    /// Returns the first answer in the bytes and its length; nil if the answer is incomplete.
    package static func parse(_ bytes: [UInt8]) -> (DokuAnswer, length: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else {
            return nil
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let headers = lines.dropFirst().compactMap { line -> Header? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Header(String(line[..<colon]), String(value))
        }
        let words = lines.first?.split(separator: " ") ?? []
        let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        var answer = DokuAnswer(status: status, headers: headers, body: [])
        let length = answer.header("Content-Length").flatMap { Int($0) } ?? 0
        guard bytes.count >= end + length else { return nil }
        answer.body = Array(bytes[end..<end + length])
        return (answer, end + length)
    }
}

/// A socket that occupies a port of the loopback address during its lifetime.
package final class Listener {
    package let port: Int
    private let descriptor: Int32

    package init() throws {
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

    /// Returns a port that was free a moment ago.
    package static func freePort() throws -> Int { try Listener().port }
}

/// Creates a socket that the processes started by tests do not inherit.
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
