// The forms of the counter page: their fields, and the checks that a form comes from a page of this
// service in the same session.

import Foundation
import HTTPTypes
import Hummingbird
import LoketRuntime
import LoketSystem
import NIOCore

/// The fields of a form. Of a field that is given twice, the last counts.
struct PageForm: Sendable {
    static let bytesMax = 64 * 1024
    /// The name of the field with the session's token.
    static let tokenField = "form_token"

    private let fields: [String: String]

    /// The trimmed text of a field; nil if it is missing or blank.
    subscript(_ name: String) -> String? {
        let text = fields[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return text.isEmpty ? nil : text
    }

    /// Everything that was typed, for a form that is shown again.
    var typed: [String: String] { fields.filter { $0.key != Self.tokenField } }

    /// - Throws: `media_type_unknown`, `body_too_large` or `invalid_value`.
    init(_ request: Request) async throws {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            throw Problem(.mediaTypeUnknown, "send the form as application/x-www-form-urlencoded")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.bytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem(.bodyTooLarge, "send at most \(Self.bytesMax) bytes")
        }
        var fields: [String: String] = [:]
        for part in String(decoding: buffer.readableBytesView, as: UTF8.self).split(separator: "&")
        {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = halves[0], let value = halves.count > 1 ? halves[1] : "" else {
                throw Problem(.invalidValue, "the form is not percent-encoded UTF-8")
            }
            fields[name] = value
        }
        self.fields = fields
    }

    /// Whether the form has the token of the session.
    func isOf(_ session: Sessions.Session) -> Bool {
        Self.isToken(fields[Self.tokenField] ?? "", of: session)
    }

    static func isToken(_ text: String, of session: Sessions.Session) -> Bool {
        equalInConstantTime(text, session.formToken)
    }
}

extension Request {
    /// Whether a form comes from a page of this service, as the browser says. A browser that says
    /// nothing is trusted to have the session's token.
    ///
    /// - Parameter hosts: the hosts of the service.
    func comesFromOwnPage(_ hosts: HostCheck) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = headers[.origin] else { return true }
        return PageOrigin.isOwn(origin, host: head.authority, isOurs: hosts.isOurs)
    }
}

/// The origin of a form, compared with the host of its request.
enum PageOrigin {
    private static let ports = ["http": "80", "https": "443"]

    /// Whether an origin is the service's. A proxy may add or drop the port of the scheme, or send
    /// a host of its own; without a host there is nothing to compare.
    static func isOwn(_ origin: String, host: String?, isOurs: (HostName) -> Bool) -> Bool {
        guard let host else { return true }
        guard let end = origin.firstRange(of: "://"),
            let port = ports[origin[..<end.lowerBound].lowercased()],
            let place = place(String(origin[end.upperBound...]), without: port)
        else { return false }
        guard !isOurs(place.host) else { return true }
        return self.place(host, without: port).map { $0 == place } ?? false
    }

    private static func place(
        _ authority: String, without port: String
    ) -> (host: HostName, port: String)? {
        guard let text = HostName.part(of: authority), let host = HostName(text) else { return nil }
        let digits = authority[text.endIndex...].filter(\.isNumber)
        return (host, digits == port ? "" : digits)
    }
}

extension Problem {
    /// The faults by the name of their field, such as `customer_name` for `/customer/name`, to be
    /// shown beside each field.
    var faultsByField: [String: String] {
        Dictionary(
            faults.map {
                ($0.pointer.dropFirst().replacing("/", with: "_").description, $0.detail)
            }, uniquingKeysWith: { first, _ in first })
    }
}
