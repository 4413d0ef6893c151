// The words of the counter page in Indonesian and English, from one table in `strings.yaml`.

import Hummingbird
import HTTPTypes
import Mustache

enum Language: String, CaseIterable, Sendable {
    case indonesian = "id"
    case english = "en"

    /// The language of the cookie, else the first of the browser's that is here, else Indonesian.
    init(_ request: Request) {
        if let own = PageCookie.language.value(in: request).flatMap(Language.init(rawValue:)) {
            self = own
            return
        }
        let wanted = (request.headers[.acceptLanguage] ?? "").split(separator: ",")
            .compactMap { Language(rawValue: $0.filter { $0 != " " }.prefix(2).lowercased()) }
        self = wanted.first ?? .indonesian
    }

    var other: Language { self == .english ? .indonesian : .english }
}

/// The words in one language.
///
///     words["tab_today"]                        // "Hari ini"
///     words("figure_paid", ["count": "47"])     // "diterima hari ini, 47 pembayaran"
struct Words: Sendable, MustacheParent {
    let language: Language

    subscript(_ key: String) -> String { Self.table[key]?[language] ?? key }

    /// The text with each `{name}` replaced by its value; a name without a value becomes empty.
    func callAsFunction(_ key: String, _ values: [String: String]) -> String {
        self[key].replacing(/\{([a-z_]+)\}/) { values[String($0.output.1)] ?? "" }
    }

    /// The text of a key that may be missing.
    func ifAny(_ key: String, _ values: [String: String] = [:]) -> String? {
        Self.table[key] == nil ? nil : self(key, values)
    }

    /// For templates: `{{t.tab_today}}`.
    func child(named name: String) -> Any? { self[name] }

    static let table: [String: [Language: String]] = {
        let root = OpenAPIValue(
            yaml: String(decoding: PackageResources.strings_yaml, as: UTF8.self))
        return Dictionary(
            uniqueKeysWithValues: root.members.map { key in
                let texts = key.value.members.compactMap { member -> (Language, String)? in
                    guard let language = Language(rawValue: member.name) else { return nil }
                    return member.value.text.map { (language, $0) }
                }
                return (key.name, Dictionary(uniqueKeysWithValues: texts))
            })
    }()
}
