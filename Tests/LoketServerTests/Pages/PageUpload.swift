// A form with a file as a browser sends it, and the browser that sends one from a page.

import DokuSimulator
import TestSupport
import Testing

/// A multipart/form-data body.
struct PageUpload {
    static let boundary = "----WebKitFormBoundary7MA4YWxk"
    static let type = Header("Content-Type", "multipart/form-data; boundary=\(boundary)")

    /// In their order; the first is usually the token.
    var fields: [(name: String, value: String)]
    var fileName: String?
    var content: [UInt8] = []

    var body: [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += Self.head("name=\"\(name)\"") + Array(value.utf8) + [13, 10]
        }
        if let fileName {
            bytes += Self.head(
                "name=\"file\"; filename=\"\(fileName)\"", more: "Content-Type: text/csv\r\n")
            bytes += content + [13, 10]
        }
        return bytes + Array("--\(Self.boundary)--\r\n".utf8)
    }

    private static func head(_ names: String, more: String = "") -> [UInt8] {
        Array(
            "--\(boundary)\r\nContent-Disposition: form-data; \(names)\r\n\(more)\r\n".utf8)
    }

    var request: DokuRequest {
        DokuRequest(method: "POST", target: "/ui/import", headers: [Self.type], body: body)
    }
}

extension PageBrowser {
    /// Sends the form of the import page with a file; nil: without one.
    nonisolated func upload(
        _ text: String?, name: String = "bills.csv", _ fields: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DokuAnswer {
        let token = try #require(
            try await get("/ui/import").form("/ui/import")?["form_token"],
            sourceLocation: sourceLocation)
        let more = fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let form = PageUpload(
            fields: [("form_token", token)] + more, fileName: text.map { _ in name } ?? "",
            content: Array((text ?? "").utf8))
        return try await send(form.request)
    }

    /// Sends a file and opens the page of its import.
    nonisolated func check(
        _ text: String, name: String = "bills.csv", _ fields: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DokuAnswer {
        try await follow(
            upload(text, name: name, fields, sourceLocation: sourceLocation),
            sourceLocation: sourceLocation)
    }

    /// Opens the page to which an answer leads, when its import is over.
    nonisolated func follow(
        _ answer: DokuAnswer, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DokuAnswer {
        #expect(answer.status == 303, "\(answer.text)", sourceLocation: sourceLocation)
        let place = try #require(answer.header("Location"), sourceLocation: sourceLocation)
        return try await eventually {
            let page = try await get(place)
            return page.text.contains(" data-refresh=") ? nil : page
        }
    }
}

extension RunningService {
    /// The number of files that the sessions keep.
    var keptFiles: Int { folder.openFiles.count { $0.contains("/.upload-") } }
}
