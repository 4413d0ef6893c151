// Requests to the admin listener whose body is never complete.

import Testing

enum HalfBody {
    static let short = "Content-Length: 1000\r\n\r\n{"
    static let long = "Content-Length: 1000000\r\n\r\n{"
    static let chunked = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
}

extension RunningService {
    /// The head of a request, without the lines that say how the body is framed.
    func head(
        _ method: String, _ path: String, key: String?, type: String = "application/json"
    ) -> String {
        let authorization = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(authorization)"
            + "Content-Type: \(type)\r\n"
    }

    /// A new connection on which this text has been sent.
    func begin(_ text: String) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: adminPort)
        // A connection that was closed to make room refuses the bytes.
        try? await connection.send(text)
        return connection
    }

    /// The status of a GET on a new connection; nil if the connection ends without an answer.
    func statusOfGet(by client: AdminClient) async throws -> Int? {
        let connection = try await begin(
            head("GET", "/admin/v1/bills", key: client.key) + "\r\n")
        let answer = try? await connection.answerOrEnd()
        await connection.close()
        return answer?.status
    }

    /// Sends unfinished bodies with this key until no more of its requests are accepted.
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
