// Where alerts go: one POST of a JSON object with one text.

import AsyncHTTPClient
import LoketCore
import LoketJSON
import LoketStore
import NIOCore

package struct AlertTarget: Sendable {
    /// Why an alert did not arrive. The URL is a secret of its own and is not in it.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let url: String

    private static let client = HTTPClient.tryingOnce(
        connect: .seconds(Limits.alertTimeoutSeconds))

    package init(url: String) {
        self.url = url
    }

    /// Tries once.
    package func post(_ text: String) async throws {
        var body = JSONWriter()
        body.object { $0.field("text", text) }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body.bytes))
        let status: Int
        do {
            let response = try await Self.client.execute(
                request, timeout: .seconds(Limits.alertTimeoutSeconds))
            status = Int(response.status.code)
            _ = try await response.body.collect(upTo: Limits.alertAnswerBytesMax)
        } catch let error as CancellationError {
            throw error
        } catch is NIOTooManyBytesError {
            throw Failure(
                description: "the answer has more than \(Limits.alertAnswerBytesMax) bytes")
        } catch {
            throw Failure(description: connectionFailure(error) ?? "no answer")
        }
        guard (200..<300).contains(status) else {
            throw Failure(description: "the answer was HTTP \(status)")
        }
    }
}
