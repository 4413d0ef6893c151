// The lamp: the state of the service as a shape, a colour and a word, on every page.

import LoketJSON

struct Lamp {
    /// The state as `/ready` reports it.
    let state: String
    let values: [String: Any]
    /// How many things wait for a decision; nil if none does or the key may not know.
    let waiting: Int64?

    /// The findings whose number is in `waiting`.
    private static let counted = ["payments_to_decide", "quarantine", "attention_list"]

    /// What the tab's title begins with if the state is critical.
    var mark: String { ["refusing_everybody", "failing"].contains(state) ? "◆ " : "" }

    init(_ visit: Visit) async {
        let ready = try? await visit.api.get("/ready")
        state = ready?["state"]?.string ?? "failing"
        let count = ready?["waiting"]?.sumOfCounts ?? 0
        waiting = count > 0 ? count : nil
        let findings = ready?["findings"]?.elements.compactMap(\.string) ?? []
        let others = Int64(findings.filter { !Self.counted.contains($0) }.count)
        // Silence alone may be the hour of the night.
        let shape = findings == ["nobody_asks"] ? "quiet" : state
        let things = max(count + others, Int64(findings.count))
        values = [
            "state": shape, "text": visit.words("lamp_\(shape)", ["count": "\(things)"]),
        ]
    }
}
