// The merchant's side of Check Status for the tests: requests signed by the service's own code, so
// that the desk is not held against itself, sent byte by byte over a plain socket.

import DokuSimulator
import DokuWire
import Foundation
import TestSupport

struct SocketFault: Error, CustomStringConvertible {
    let description: String
}

enum CheckStatusClient {
    static let clientID = "MCH-1"
    static let now = "2020-08-11T08:45:42Z"
    static let path = "/orders/v1/status/"

    /// A signed GET.
    static func request(
        _ target: String, clientID: String = clientID, id: String = "id-1",
        timestamp: String = now, secret: Secret = Sample.secret,
        component spoil: ([UInt8]) -> [UInt8] = { $0 }
    ) -> DokuRequest {
        let component = Signature.component(
            .request, clientID: clientID, requestID: id, timestamp: timestamp, target: target,
            body: nil)
        let signature = secret.signature(over: spoil(component))
        return DokuRequest(
            method: "GET", target: target,
            headers: [
                Header("Client-Id", clientID), Header("Request-Id", id),
                Header("Request-Timestamp", timestamp),
                Header("Signature", String(decoding: signature, as: UTF8.self)),
            ],
            body: [])
    }

    /// By the service's own code: whether the answer's signature covers exactly this.
    static func isSigned(_ answer: DokuAnswer, as request: DokuRequest) -> Bool {
        let component = Signature.component(
            .response, clientID: clientID, requestID: request.header("Request-Id") ?? "",
            timestamp: answer.header("Response-Timestamp") ?? "", target: request.target,
            body: answer.body)
        let expected = Sample.secret.signature(over: component)
        return answer.header("Signature") == String(decoding: expected, as: UTF8.self)
            && answer.header("Client-Id") == clientID
            && answer.header("Request-Id") == request.header("Request-Id")
    }

    /// Sends them all on one connection and reads what comes until it is closed.
    static func ask(_ requests: [DokuRequest], at desk: CheckStatusDesk) async throws
        -> [DokuAnswer]
    {
        let port = UInt16(desk.baseURL.split(separator: ":").last ?? "") ?? 0
        var bytes: [UInt8] = []
        for (index, request) in requests.enumerated() {
            var request = request
            request.headers.append(Header("Host", "127.0.0.1"))
            if index == requests.count - 1 { request.headers.append(Header("Connection", "close")) }
            bytes += SavedRequest.bytes(of: request)
        }
        let sent = bytes
        var rest = try await blocking { try exchange(sent, port: port) }[...]
        var answers: [DokuAnswer] = []
        while let answer = take(&rest) { answers.append(answer) }
        return answers
    }

    static func ask(_ request: DokuRequest, at desk: CheckStatusDesk) async throws -> DokuAnswer {
        guard let answer = try await ask([request], at: desk).first else {
            throw SocketFault(description: "no answer")
        }
        return answer
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> DokuAnswer? {
        guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return Header(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        var answer = DokuAnswer(status: status, headers: headers, body: [])
        let length = answer.header("Content-Length").flatMap { Int($0) } ?? 0
        answer.body = Array(rest[end.upperBound...].prefix(length))
        rest = rest[end.upperBound...].dropFirst(length)
        return answer
    }
}

private func exchange(_ bytes: [UInt8], port: UInt16) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else { throw SocketFault(description: "connect: \(errno)") }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw SocketFault(description: "send: \(errno)") }
        rest = rest.dropFirst(count)
    }
    var received: [UInt8] = []
    while true {
        var space = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &space, space.count, 0)
        guard count >= 0 else { throw SocketFault(description: "recv: \(errno)") }
        if count == 0 { return received }
        received += space.prefix(count)
    }
}
