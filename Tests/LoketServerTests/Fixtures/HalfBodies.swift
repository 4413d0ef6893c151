// Requests to the admin listener whose body does not come to its end.

import Testing

enum HalfBody {
    static let short = "Content-Length: 1000\r\n\r\n{"
    static let long = "Content-Length: 1000000\r\n\r\n{"
    static let chunked = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
}

extension RunningService {
    /// Head lines up to those that say how the body is framed.
    func head(
        _ method: String, _ path: String, key: String?, type: String = "application/json"
    ) -> String {
        let authorization = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(authorization)"
            + "Content-Type: \(type)\r\n"
    }

    /// A connection of its own, on which this has been sent.
    func begin(_ text: String) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: adminPort)
        // One that had to make room does not take it.
        try? await connection.send(text)
        return connection
    }

    /// The status of a GET on a connection of its own; nil where it ends without one.
    func statusOfGet(by client: AdminClient) async throws -> Int? {
        let connection = try await begin(
            head("GET", "/admin/v1/bills", key: client.key) + "\r\n")
        let answer = try? await connection.answerOrEnd()
        await connection.close()
        return answer?.status
    }

    /// Half bodies by this key, until it may have no more requests in work.
    func holdShare(of client: AdminClient) async throws -> [RawConnection] {
        let request = head("POST", "/admin/v1/bills", key: client.key) + HalfBody.short
        var held: [RawConnection] = []
        while try await statusOfGet(by: client) != 429 {
            try #require(held.count < 1_000)
            held.append(try await begin(request))
        }
        return held
    }
}
