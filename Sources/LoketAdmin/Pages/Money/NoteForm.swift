// A form with a note. If the API refused it, it has what was typed and what is wrong.

/// A form that the API refused.
struct RefusedForm {
    let problem: Problem
    let form: PageForm

    /// The sentence about a field; nil if nothing is wrong with it.
    func fault(_ field: String, _ words: Words) -> String? {
        problem.faultsByField[field].map { words.ifAny("money_wrong_\(field)") ?? $0 }
    }

    /// The sentence about the whole form; nil if a field's sentence says it.
    func text(_ words: Words) -> String? {
        if fault("note", words) != nil { return nil }
        return fault("bill_id", words) ?? words.ifAny("problem_\(problem.cause.rawValue)")
            ?? problem.detail
    }
}

enum NoteForm {
    /// For the templates.
    ///
    /// - Parameters:
    ///   - action: the target.
    ///   - name: distinguishes the field from those of other forms on the page.
    ///   - back: the page to lead to.
    static func values(
        _ action: String, name: String, back: String, _ words: Words, refused: RefusedForm? = nil
    ) -> [String: Any] {
        var values: [String: Any] = [
            "action": action, "note_id": "note-\(name)",
            "back": refused?.form["back"] ?? back, "typed": refused?.form["note"] ?? "",
        ]
        values["note_fault"] = refused?.fault("note", words)
        return values
    }
}
