// The fields of a webhook in an admin request, and the place in the feed at which events begin.

import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

/// Reads fields and collects the faults.
struct WebhookBody {
    static let created: Set<String> = ["url", "types", "account", "note"]
    static let edited: Set<String> = ["url", "types", "note"]
    static let placed: Set<String> = ["since", "event"]

    private let body: JSONValue
    private let webhooks: Webhooks
    private var faults: [Problem.Fault] = []

    /// - Throws: `Problem` if the body is no object or has a field that is not among `fields`.
    init(_ body: JSONValue, fields: Set<String>, _ webhooks: Webhooks) throws {
        guard body.isObject else { throw Problem(.invalidValue, "send a JSON object") }
        try body.refuseUnknownFields(fields)
        self.body = body
        self.webhooks = webhooks
    }

    /// - Throws: `Problem` with every fault.
    func finish() throws {
        guard faults.isEmpty else { throw Problem(.invalidValue, faults: faults) }
    }

    /// The changed fields; an absent field stays as it is.
    mutating func edit() -> WebhookEdit {
        var edit = WebhookEdit()
        if body["url"] != nil { edit.url = url() }
        if body["types"] != nil { edit.types = .some(types()) }
        if body["note"] != nil { edit.note = .some(note()) }
        return edit
    }

    // MARK: Fields

    mutating func url() -> String {
        guard let text = body["url"]?.string else {
            add("/url", "must be a string with the https URL that receives the events")
            return ""
        }
        do throws(WebhookURL.Refusal) {
            return try webhooks.url(text).text
        } catch {
            add("/url", "\(error)")
            return ""
        }
    }

    /// Nil for every type.
    mutating func types() -> [String]? {
        guard let value = body["types"], !value.isNull else { return nil }
        let known = Set(Event.Kind.allCases.map(\.rawValue))
        let rule = "must be an array of one or more types of events, each once, or null"
        guard value.elements.count == Set(value.elements.map(\.string)).count,
            !value.elements.isEmpty
        else {
            add("/types", rule)
            return nil
        }
        for (place, element) in value.elements.enumerated() {
            guard let word = element.string, !known.contains(word) else {
                if element.string == nil { add("/types/\(place)", "must be a string") }
                continue
            }
            let near = nearest(to: word, among: known).map { "; did you mean `\($0)`?" }
            let all = Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            add("/types/\(place)", "is not a type of event\(near ?? ": the types are \(all)")")
        }
        return value.elements.compactMap(\.string)
    }

    mutating func note() -> String? {
        guard let value = body["note"], !value.isNull else { return nil }
        let text = value.line(max: Limits.reasonMax)
        if text == nil { add("/note", JSONValue.lineRule(max: Limits.reasonMax)) }
        return text
    }

    /// The account of the webhook; a key of one account makes webhooks of that account.
    ///
    /// - Throws: `account_forbidden` if it is not the account of the key.
    mutating func accountID(
        _ context: AdminContext, in registry: AccountRegistry
    ) throws -> Int64? {
        guard let value = body["account"], !value.isNull else { return context.accountID }
        let id = value.string.flatMap { registry.ids[$0] }
        guard value.string == nil || context.maySee(id) else {
            throw context.forbidden("`account` is not the account of this key")
        }
        if id == nil { add("/account", "is not a configured Client-Id") }
        return id
    }

    // MARK: The place

    /// `since` or `event`; nil if neither is given.
    mutating func place(epoch: String, lastEvent: Int64, now: Moment) -> FeedPlace? {
        let (since, event) = (given("since"), given("event"))
        guard since == nil || event == nil else {
            add("/event", "must be absent if `since` is given")
            return nil
        }
        if let since {
            guard let moment = since.string.flatMap({ Moment(rfc3339Beginning: $0) }) else {
                add(
                    "/since",
                    "must be RFC 3339 with an offset, or a date, which means its beginning in "
                        + "Jakarta")
                return nil
            }
            guard moment <= now else {
                add("/since", "must not be later than now")
                return nil
            }
            return .since(moment)
        }
        return event.flatMap { self.event($0, epoch: epoch, lastEvent: lastEvent) }
    }

    private mutating func event(
        _ value: JSONValue, epoch: String, lastEvent: Int64
    ) -> FeedPlace? {
        guard let name = value.string.flatMap({ EventName($0) }), name.number > 0 else {
            add("/event", "must be the id of an event, such as \(Event.name(7, in: epoch))")
            return nil
        }
        guard name.epoch == epoch else {
            add("/event", "is an event from before the restore of the database: send `since`")
            return nil
        }
        guard name.number <= lastEvent else {
            let last = Event.name(lastEvent, in: epoch)
            add("/event", "does not exist yet: the last event is \(last)")
            return nil
        }
        return .event(name.number)
    }

    private func given(_ name: StaticString) -> JSONValue? {
        body[name].flatMap { $0.isNull ? nil : $0 }
    }

    private mutating func add(_ pointer: String, _ detail: String) {
        faults.append(Problem.Fault(pointer: pointer, detail: detail))
    }
}
