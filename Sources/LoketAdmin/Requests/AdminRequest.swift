// What every admin route reads of a request: its body as strict JSON, and query parameters that
// exist.

import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import NIOCore

extension Request {
    /// The body of a route that acts on something that is there: an object, or nothing at all.
    func optionalObject() async throws -> JSONValue {
        _ = try parameters([])
        let body = try await strictJSON(emptyIsObject: true)
        guard body.isObject else { throw Problem(.invalidValue, "send a JSON object, such as {}") }
        return body
    }

    /// The body as strict JSON; `{}` where it is empty and may be.
    ///
    /// - Parameter mediaTypes: what the body may be declared as.
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
            throw Problem(.malformedJSON, "\(error)")
        }
    }

    /// What to say of a name that is not known: what was meant, or what there is.
    static func unknown(_ name: String, among known: Set<String>) -> String {
        if let near = nearest(to: name, among: known) {
            return "does not exist; did you mean `\(near)`?"
        }
        return known.isEmpty
            ? "does not exist: there are none here"
            : "is not one of: " + known.sorted().joined(separator: ", ")
    }

    /// What the body is declared as, without its parameters (RFC 9110 §8.3.1), in lower case.
    var mediaType: String {
        let type = headers[.contentType]?.split(separator: ";").first ?? ""
        return type.trimmingCharacters(in: .whitespaces).lowercased()
    }

    /// Query parameters, each once and none but these, as forms encode them: `+` is a space.
    func parameters(_ known: Set<String>) throws -> [String: String] {
        var found: [String: String] = [:]
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
            guard found.updateValue(value, forKey: name) == nil else {
                throw Problem(.invalidParameter, "`\(name)` is given twice")
            }
        }
        return found
    }
}

extension Moment {
    /// A time in a query. A date alone is its first moment in Jakarta, so that a range of days ends
    /// before its second date. The `+` of an offset may be unencoded.
    init?(parameter text: String) {
        let isDate = text.utf8.count == 10
        self.init(rfc3339: isDate ? text + "T00:00:00+07:00" : text.replacing(" ", with: "+"))
    }
}

extension JSONValue {
    func refuseUnknownFields(_ known: Set<String>) throws {
        let unknown = unknownFields(known)
        guard unknown.isEmpty else { throw Problem(.unknownField, faults: unknown) }
    }

    /// - Parameter at: pointer to this object.
    func unknownFields(_ known: Set<String>, at: String = "") -> [Problem.Fault] {
        members.filter { !known.contains($0.name) }.map { member in
            Problem.Fault(
                pointer: at + "/" + escapedForPointer(member.name),
                detail: Request.unknown(member.name, among: known))
        }
    }

    /// `reason`, a line for a history.
    func reason() throws -> String? { try line("reason") }

    /// A field that is one line of text for a history.
    func line(_ name: StaticString) throws -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = value.line(max: Limits.reasonMax) else {
            throw Problem(
                .invalidValue, at: "/\(name)", Self.lineRule(max: Limits.reasonMax))
        }
        return text
    }

    /// A string that is one printable line; nil where it is not.
    func line(max: Int) -> String? {
        string.flatMap { try? PrintableText.line($0, max: max) }
    }

    static func lineRule(max: Int) -> String {
        "must be a string of 1 to \(max) characters, not blank, with no control character, line "
            + "break or mark of direction"
    }
}

/// A member's name as a JSON pointer writes it (RFC 6901 §3).
private func escapedForPointer(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
}
