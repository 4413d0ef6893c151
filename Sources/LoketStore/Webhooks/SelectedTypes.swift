// The types of events that a webhook selects, and since which event.

import LoketCore

/// Types of events. A type that is added later selects the events after that change: earlier
/// ones were passed over.
///
/// They are stored as words with a space between two: a type or, for every type, `*`. After `>` is
/// the id of the last event before the type was added. Null: every type from the beginning.
package struct SelectedTypes: Sendable, Equatable {
    private struct Word: Sendable, Equatable {
        /// Nil for every type.
        let type: String?
        let after: Int64

        var text: String { (type ?? "*") + (after > 0 ? ">\(after)" : "") }
    }

    private let words: [Word]

    private init(words: [Word]) {
        self.words = words
    }

    /// - Parameter names: nil for every type.
    package init(_ names: [String]?) {
        self.init(words: names?.map { Word(type: $0, after: 0) } ?? [Word(type: nil, after: 0)])
    }

    /// Returns nil for a text that is damaged.
    init?(stored: String?) {
        guard let stored else {
            self.init(nil)
            return
        }
        var words: [Word] = []
        for text in stored.split(separator: " ") {
            let parts = text.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
            guard let after = parts.count == 1 ? 0 : Int64(parts[1]) else { return nil }
            words.append(Word(type: parts[0] == "*" ? nil : String(parts[0]), after: after))
        }
        self.init(words: words)
    }

    var stored: String? { self == Self(nil) ? nil : words.map(\.text).joined(separator: " ") }

    /// Nil for every type.
    package var names: [String]? {
        words.contains { $0.type == nil } ? nil : words.compactMap(\.type)
    }

    /// The types; nil for every type. Unknown types select nothing.
    package var kinds: Set<Event.Kind>? {
        names.map { Set($0.compactMap { Event.Kind(rawValue: $0) }) }
    }

    package func select(_ event: Event) -> Bool {
        words.contains { word in
            (word.type ?? event.kind.rawValue) == event.kind.rawValue && event.id > word.after
        }
    }

    /// Returns other types, of which those that are new select the events after `last`.
    func changed(to names: [String]?, after last: Int64) -> SelectedTypes {
        guard let names else {
            return self.names == nil
                ? self : Self(words: words + [Word(type: nil, after: last)])
        }
        return Self(
            words: names.map { name in
                let earlier = words.filter { $0.type == nil || $0.type == name }.map(\.after)
                return Word(type: name, after: earlier.min() ?? last)
            })
    }

    /// Returns the same types, which all select the events after `place`.
    func beginning(after place: Int64) -> SelectedTypes {
        Self(words: words.map { Word(type: $0.type, after: min($0.after, place)) })
    }
}
