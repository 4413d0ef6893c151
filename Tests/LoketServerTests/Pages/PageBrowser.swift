// A browser without script for the tests of the counter page: it keeps cookies, sends the forms of a
// page, and does not follow redirects by itself.

import DokuSimulator
import Foundation
import TestSupport
import Testing

@testable import LoketAdmin

actor PageBrowser {
    private let port: Int
    private(set) var cookies: [String: String] = [:]
    /// Header lines of every request.
    private let more: [Header]

    init(_ service: RunningService, language: String = "id", more: [Header] = []) {
        port = service.adminPort
        self.more = more + [Header("Accept-Language", language)]
    }

    /// Sets a cookie, as somebody else could.
    func set(_ name: String, _ value: String) { cookies[name] = value }

    func get(_ path: String, _ more: [Header] = []) async throws -> DokuAnswer {
        try await send(DokuRequest(method: "GET", target: path, headers: more, body: []))
    }

    func post(
        _ path: String, _ fields: [String: String], _ more: [Header] = []
    ) async throws -> DokuAnswer {
        let text = fields.sorted { $0.key < $1.key }
            .map { "\($0.key.escapedForQuery)=\($0.value.escapedForQuery)" }.joined(separator: "&")
        return try await send(
            DokuRequest(
                method: "POST", target: path,
                headers: [Header("Content-Type", "application/x-www-form-urlencoded")] + more,
                body: Array(text.utf8)))
    }

    /// Sends the form with this target from a page, with its hidden fields.
    func submit(
        _ action: String, on page: DokuAnswer, _ fields: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DokuAnswer {
        let hidden = try #require(
            page.form(action), "\(page.text)", sourceLocation: sourceLocation)
        return try await post(action, hidden.merging(fields) { _, own in own })
    }

    /// Signs in and expects to arrive.
    func signIn(
        _ key: String, next: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var fields = ["key": key]
        fields["next"] = next
        let answer = try await post("/ui/sign-in", fields)
        #expect(answer.status == 303, "\(answer.text)", sourceLocation: sourceLocation)
    }

    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        var request = request
        request.headers += more
        if !cookies.isEmpty {
            let pairs = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            request.headers.append(Header("Cookie", pairs.joined(separator: "; ")))
        }
        let connection = try await RawConnection.open(port: port)
        try await connection.send(request.wire)
        let answer = try await connection.answer()
        await connection.close()
        for line in answer.setCookies {
            let pair = line.split(separator: ";")[0]
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        return answer
    }
}

extension DokuAnswer {
    /// The values of `Set-Cookie`.
    var setCookies: [String] {
        headers.filter { $0.name.lowercased() == "set-cookie" }.map(\.value)
    }

    /// The text of the page with its entities resolved.
    var shown: String { resolved(text) }

    /// The hidden fields of the form with this target; nil if the page has no such form.
    func form(_ action: String) -> [String: String]? {
        guard let start = text.firstRange(of: "action=\"\(action)\""),
            let end = text[start.upperBound...].firstRange(of: "</form>")
        else { return nil }
        let inside = text[start.upperBound..<end.lowerBound]
        let field = /<input type="hidden" name="([^"]*)" value="([^"]*)">/
        return Dictionary(
            inside.matches(of: field).map {
                (String($0.output.1), resolved(String($0.output.2)))
            }, uniquingKeysWith: { first, _ in first })
    }
}

extension DokuAnswer {
    /// The values of the page's visible fields by their names, as its templates write them.
    var inputs: [String: String] {
        let field = /<input id="([a-z]+)" name="[a-z]+" type="[a-z]+" [^>]*value="([^"]*)"/
        return Dictionary(
            text.matches(of: field).map {
                (String($0.output.1), resolved(String($0.output.2)))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The names of the fields that are marked as wrong.
    var faults: Set<String> {
        Set(text.matches(of: /<p class="fault" id="([a-z]+)-fault">/).map { String($0.output.1) })
    }
}

/// Replaces the entities of HTML.
private func resolved(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .reduce(text) { $0.replacing($1.0, with: $1.1) }
}

extension RunningService {
    /// A browser that has signed in with the first key.
    func browser(language: String = "id", key: String? = nil) async throws -> PageBrowser {
        let browser = PageBrowser(self, language: language)
        try await browser.signIn(key ?? adminKey)
        return browser
    }
}
