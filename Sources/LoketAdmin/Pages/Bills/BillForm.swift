// A form about a bill, as a new form has it or with what was typed and the reasons why it was
// refused.

import BillFiles
import HTTPTypes
import LoketJSON

struct BillForm {
    var texts: [BillField: String]
    /// Sentences that help to fill in a field.
    var hints: [BillField: String] = [:]
    /// What has happened to a field meanwhile.
    var notes: [BillField: String] = [:]
    /// Why the form was refused.
    var problem: Problem?

    /// A refused form is answered with the status of its problem.
    static func status(_ problem: Problem?) -> HTTPResponse.Status { problem?.cause.status ?? .ok }

    /// Refuses pages with forms to a key that may only read.
    static func requireWrite(_ visit: Visit) throws {
        guard visit.mayWrite else {
            throw Problem(.scopeMissing, "this page needs a key with the scope write")
        }
    }

    /// The values of fields for the template `billfield`.
    func fields(_ fields: [BillField], _ words: Words) -> [[String: Any]] {
        fields.map { field in
            let text = texts[field] ?? ""
            var values = Self.field(
                field.rawValue, text, fault: fault(of: field),
                detail: detail(of: field, text), hint: hints[field], note: notes[field], words)
            values["type"] = [.expires, .due].contains(field) ? "date" : "text"
            values["required"] = [.name, .amount, .invoice].contains(field)
            values["keyboard"] = keyboard(of: field, text)
            return values
        }
    }

    /// The keyboard of a telephone. Several amounts need more than digits.
    private func keyboard(of field: BillField, _ text: String) -> String {
        switch field {
        case .code: "numeric"
        case .email: "email"
        case .amount where !text.contains(";"): "decimal"
        default: "text"
        }
    }

    /// The values of one field.
    ///
    /// - Parameters:
    ///   - fault: what the API says about the field; nil if nothing is wrong.
    ///   - detail: what is shown of it after the page's own sentence.
    static func field(
        _ name: String, _ text: String, fault: String?, detail: String? = nil,
        hint: String? = nil, note: String? = nil, _ words: Words
    ) -> [String: Any] {
        var values: [String: Any] = [
            "name": name, "value": text, "type": "text",
            "label": words[BillField(rawValue: name)?.label ?? "billform_\(name)"],
            "keyboard": "text", "required": false,
        ]
        let below = [("hint", hint), ("note", note), ("fault", fault)]
        let ids = below.compactMap { part, text in text.map { _ in "\(name)-\(part)" } }
        if !ids.isEmpty { values["described"] = ids.joined(separator: " ") }
        values["hint"] = hint
        values["note"] = note
        if fault != nil {
            values["fault"] = ["text": words["billform_fault_\(name)"], "detail": detail ?? ""]
        }
        return values
    }

    /// What is said above a refused form; nil if it was not refused.
    ///
    /// - Parameter others: the faults that the form shows besides those of its fields.
    func refusal(_ words: Words, beside others: Set<String> = []) -> [String: Any]? {
        guard let problem else { return nil }
        let shown = others.union(BillField.allCases.map(\.fault))
        let names = problem.faultsByField.keys
        if !names.isEmpty, names.allSatisfy({ shown.contains($0) || isAmount($0) }) {
            return ["text": words["billform_check"], "detail": ""]
        }
        if let text = words.ifAny("problem_\(problem.cause.rawValue)") {
            return ["text": text, "detail": ""]
        }
        return ["text": words["problem_other"], "detail": problem.detail]
    }

    private func fault(of field: BillField) -> String? {
        let faults = problem?.faultsByField ?? [:]
        let names = field == .amount ? faults.keys.filter(isAmount).sorted() : [field.fault]
        return names.compactMap { faults[$0] }.first
    }

    /// A field of `amounts` is the amount's: a form has one text for all.
    private func isAmount(_ name: String) -> Bool { name.hasPrefix("amount") }

    /// Of an amount that cannot be read, the API knows less than the reader of its text.
    private func detail(of field: BillField, _ text: String) -> String? {
        guard field == .amount else { return fault(of: field) }
        do throws(AmountsTextFault) {
            _ = try BillField.amounts(text)
            return fault(of: field)
        } catch {
            return text.contains("=") || text.contains(";") ? error.reason : nil
        }
    }
}
