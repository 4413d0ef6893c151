// The parsing of admin requests: strict JSON bodies and known query parameters.

import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import NIOCore

extension Request {
    /// Returns the body of a route that acts on an existing object: a JSON object; `{}` if empty.
    func optionalObject() async throws -> JSONValue {
        _ = try parameters([])
        let body = try await strictJSON(emptyIsObject: true)
        guard body.isObject else { throw Problem(.invalidValue, "send a JSON object, such as {}") }
        return body
    }

    /// Returns the body as strict JSON; `{}` if the body is empty and `emptyIsObject` is true.
    ///
    /// - Parameter mediaTypes: the accepted media types.
    func strictJSON(
        emptyIsObject: Bool = false, mediaTypes: Set<String> = ["application/json"]
    ) async throws -> JSONValue {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: Limits.adminBodyBytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem(
                .bodyTooLarge, "send at most \(Limits.adminBodyBytesMax >> 20) MiB")
        }
        if emptyIsObject, buffer.readableBytes == 0 {
            return try StrictJSON(Array("{}".utf8)).root
        }
        guard mediaTypes.contains(mediaType) else {
            throw Problem(.notJSON, "send `Content-Type: application/json`")
        }
        do throws(JSONFault) {
            return try StrictJSON(Array(buffer.readableBytesView)).root
        } catch {
            throw Problem(.malformedJSON, "the body is not strict JSON: \(error)")
        }
    }

    /// Returns an explanation of an unknown name: the nearest known name, or all known names.
    static func unknown(_ name: String, among known: Set<String>) -> String {
        if let near = nearest(to: name, among: known) {
            return "does not exist; did you mean `\(near)`?"
        }
        return known.isEmpty
            ? "is not allowed in this request: remove it"
            : "is not one of: " + known.sorted().joined(separator: ", ")
    }

    /// The body's media type without parameters (RFC 9110 §8.3.1), in lower case.
    var mediaType: String {
        let type = headers[.contentType]?.split(separator: ";").first ?? ""
        return type.trimmingCharacters(in: .whitespaces).lowercased()
    }

    /// Returns the query parameters, decoded as form data: `+` is a space. Each may occur once;
    /// unknown ones are refused.
    func parameters(_ known: Set<String>) throws -> [String: String] {
        try parameters(known, repeatable: []).compactMapValues(\.first)
    }

    /// Returns the query parameters with all values of those that may be given more than once.
    func parameters(
        _ known: Set<String>, repeatable: Set<String>
    ) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for part in (uri.query ?? "").split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = halves.map {
                $0.replacing("+", with: " ").removingPercentEncoding
            }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
                throw Problem(.invalidParameter, "`\(part)` is not percent-encoded UTF-8")
            }
            guard known.contains(name) else {
                throw Problem(.unknownParameter, "`\(name)` " + Self.unknown(name, among: known))
            }
            guard found[name] == nil || repeatable.contains(name) else {
                throw Problem(.invalidParameter, "`\(name)` is given twice")
            }
            found[name, default: []].append(value)
        }
        return found
    }
}

extension Moment {
    /// Parses a time in a query. A date means its beginning in Jakarta, so that a range of days
    /// ends before its second date. The `+` of an offset may be unencoded.
    init?(parameter text: String) {
        self.init(rfc3339Beginning: text.replacing(" ", with: "+"))
    }
}

extension JSONValue {
    func refuseUnknownFields(_ known: Set<String>) throws {
        let unknown = unknownFields(known)
        guard unknown.isEmpty else { throw Problem(.unknownField, faults: unknown) }
    }

    /// - Parameter at: the JSON pointer to this object.
    func unknownFields(_ known: Set<String>, at: String = "") -> [Problem.Fault] {
        members.filter { !known.contains($0.name) }.map { member in
            Problem.Fault(
                pointer: at + "/" + escapedForPointer(member.name),
                detail: Request.unknown(member.name, among: known))
        }
    }

    /// Returns `reason`, a line for a history.
    func reason() throws -> String? { try line("reason") }

    /// Returns a field that is one line of text for a history.
    func line(_ name: StaticString) throws -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = value.line(max: Limits.reasonMax) else {
            throw Problem(
                .invalidValue, at: "/\(name)", Self.lineRule(max: Limits.reasonMax))
        }
        return text
    }

    /// Returns the string if it is one printable line; otherwise nil.
    func line(max: Int) -> String? {
        string.flatMap { try? PrintableText.line($0, max: max) }
    }

    static func lineRule(max: Int) -> String {
        "must be a string of 1 to \(max) characters that is not blank and has no control "
            + "character, line break or text-direction character"
    }
}

/// Escapes a member's name for a JSON pointer (RFC 6901 §3).
private func escapedForPointer(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
}
