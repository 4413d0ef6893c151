// A form that was sent after the end of its session: the sign-in carries what was typed, and then
// offers to send it.

import HTTPTypes
import Hummingbird

struct UnsentForm: Sendable {
    private static let targetField = "unsent_target"
    private static let prefix = "unsent."
    /// Below the limit of a form, for the other fields of the sign-in.
    private static let bytesMax = PageForm.bytesMax - 8_192

    private let target: PagePlace
    private let fields: [String: String]

    /// Creates a form; nil if it is too long to be carried.
    init?(_ form: PageForm, target: String) {
        self.init(target, form.typed.filter { $0.key != "key" })
    }

    /// Reads the form that the sign-in carries; nil if it carries none.
    init?(carriedBy form: PageForm) {
        let carried = form.typed.filter { $0.key.hasPrefix(Self.prefix) }
            .map { (String($0.key.dropFirst(Self.prefix.count)), $0.value) }
        self.init(form[Self.targetField], Dictionary(uniqueKeysWithValues: carried))
    }

    private init?(_ target: String?, _ fields: [String: String]) {
        let lengths = fields.map {
            (Self.prefix + $0.key).escapedForQuery.utf8.count + $0.value.escapedForQuery.utf8.count
                + 2
        }
        guard let target = PagePlace(target), lengths.reduce(0, +) <= Self.bytesMax else {
            return nil
        }
        self.target = target
        self.fields = fields
    }

    /// The hidden fields of the sign-in.
    var carried: [[String: String]] {
        [["name": Self.targetField, "value": target.text]] + hidden(Self.prefix)
    }

    private func hidden(_ prefix: String) -> [[String: String]] {
        fields.sorted { $0.key < $1.key }.map { ["name": prefix + $0.key, "value": $0.value] }
    }

    /// Returns the page that offers to send the form in a new session.
    func page(_ session: Sessions.Session, next: PagePlace?, _ words: Words) -> Response {
        let token = ["name": PageForm.tokenField, "value": session.formToken]
        let values: [String: Any] = [
            "send": [
                "target": target.text, "fields": [token] + hidden(""),
                "place": next?.text ?? PagePlace.today,
            ] as [String: Any]
        ]
        return PageView.openPage("signin", title: words["unsent_title"], values, words)
    }
}
