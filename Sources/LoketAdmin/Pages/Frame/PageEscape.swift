// The escaping of values in pages, scalar by scalar. Mustache's own goes by characters, of which a
// quote with a combining mark is another one, and such a quote would end an attribute.

import Mustache

struct PageEscape: MustacheContentType {
    private static let name = "PAGE"
    /// What every template begins with, partials too.
    static let pragma = "{{% CONTENT_TYPE:\(name)}}"

    /// Makes the pragma known to Mustache.
    static func register() { MustacheContentTypes.register(PageEscape(), named: name) }

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
