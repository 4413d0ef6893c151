// Sends the same mistake to one operation of the API's document after another. Not a test.

import Testing

/// Compares status and cause with the expected ones and with the operation's documentation.
func expectEach(
    _ operations: [OpenAPIReader.Operation], _ status: Int, _ cause: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ send: (OpenAPIReader.Operation) async throws -> AdminAnswer
) async throws {
    #expect(!operations.isEmpty, sourceLocation: sourceLocation)
    for operation in operations {
        let answer = try await send(operation)
        try expectProblem(answer, status, cause, sourceLocation: sourceLocation)
        #expect(
            operation.causes[status]?.contains(cause) == true,
            "\(operation) does not document \(cause)", sourceLocation: sourceLocation)
    }
}

extension RunningService {
    /// The operations that need a key.
    func keyedOperations() async throws -> [OpenAPIReader.Operation] {
        try await OpenAPIReader(self).operations.filter(\.hasKey)
    }
}

extension RunningService {
    /// - Returns: the new key's id and its text.
    func makeKey(_ body: String) async throws -> (id: String, text: String) {
        let answer = try await admin.post("/admin/v1/keys", body)
        try #require(answer.status == 201, "\(answer.text)")
        return (try #require(answer.string("id")), try #require(answer.string("key")))
    }
}
