// The names of the channels. A notification has DOKU's id of its channel, which the settings map to
// `alfa` or `indomaret`.

import LoketCore

package struct ChannelNames: Sendable {
    package let terms: [Channel: Settings.ChannelTerms]

    package init(terms: [Channel: Settings.ChannelTerms]) {
        self.terms = terms
    }

    /// Returns `alfa` or `indomaret`; the id itself if the settings do not have it.
    package func name(of id: String?) -> String? {
        guard let id else { return nil }
        let known = terms.first { $0.value.id.utf8.elementsEqual(id.utf8) }
        return known?.key.rawValue ?? id
    }

    /// Returns the id for a name, or the text itself: an id that the settings do not have.
    package func id(of name: String) -> String {
        Channel(rawValue: name).flatMap { terms[$0]?.id } ?? name
    }
}
