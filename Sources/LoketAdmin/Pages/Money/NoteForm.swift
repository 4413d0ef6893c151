// A form with a note. If the API refused it, it has what was typed and what is wrong.

/// A form that the API refused.
struct RefusedForm {
    let problem: Problem
    let form: PageForm
    /// The target of the form.
    let action: String

    init(_ problem: Problem, _ form: PageForm, _ visit: Visit) {
        (self.problem, self.form, action) = (problem, form, visit.request.uri.path)
    }

    /// The sentence about a field; nil if nothing is wrong with it.
    func fault(_ field: String, _ words: Words) -> String? {
        problem.faultsByField[field].map { words.ifAny("money_wrong_\(field)") ?? $0 }
    }

    /// The sentence about the whole form; nil if a field's sentence says it.
    func text(_ words: Words) -> String? {
        if fault("note", words) ?? fault("action", words) != nil { return nil }
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
        // The refused form may be another one of the page, such as that which decides.
        let same = refused?.action == action ? refused : nil
        var values: [String: Any] = [
            "action": action, "note_id": "note-\(name)", "open": same != nil,
            "back": refused?.form["back"] ?? back, "typed": same?.form["note"] ?? "",
        ]
        values["note_fault"] = same?.fault("note", words)
        values["button_fault"] = same?.fault("action", words)
        return values
    }
}

extension PageForm {
    /// Enter in the note presses the form's first button, `enter`, which decides nothing.
    func requireButton() throws {
        guard self["enter"] == nil else {
            throw Problem(.invalidValue, at: "/action", "is required")
        }
    }
}
