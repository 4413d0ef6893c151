// The lamp: the state of the service as a shape, a colour and a word, on every page.

import LoketJSON

struct Lamp {
    /// The state as `/ready` reports it.
    let state: String
    let values: [String: Any]

    /// What the tab's title begins with if the state is critical.
    var mark: String { ["refusing_everybody", "failing"].contains(state) ? "◆ " : "" }

    init(_ visit: Visit) async {
        let ready = try? await visit.api.get("/ready")
        state = ready?["state"]?.string ?? "failing"
        let count = ready?["findings"]?.elements.count ?? 0
        values = [
            "state": state,
            "text": visit.words("lamp_\(state)", ["count": "\(count)"]),
        ]
    }
}
