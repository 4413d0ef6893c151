// The hours of the day as bars, the refused on top, and as a table for those who do not see them.

import LoketCore
import LoketJSON

struct HourBars {
    let values: [String: Any]

    /// The drawing: 24 bars of this width.
    private static let (width, gap, height) = (10, 1, Int64(100))

    init(_ status: JSONValue, _ words: Words) {
        let today = status["today"]
        let since = today?["since"]?.string.flatMap { Moment(rfc3339: $0) }
        var counts = Array(repeating: (answered: Int64(0), refused: Int64(0)), count: 24)
        for hour in today?["hours"]?.elements ?? [] {
            guard let since, let at = hour["hour"]?.string.flatMap({ Moment(rfc3339: $0) }),
                case let place = Int((at.seconds - since.seconds) / 3_600),
                counts.indices.contains(place)
            else { continue }
            let declined = hour["declined"]?.integer ?? 0
            counts[place].answered = (hour["asked"]?.integer ?? 0) - declined
            counts[place].refused = declined + (hour["refused"]?.integer ?? 0)
        }
        let most = max(1, counts.map { $0.answered + $0.refused }.max() ?? 1)
        func tall(_ count: Int64) -> Int64 { (count * Self.height + most / 2) / most }
        let bars = counts.enumerated().map { hour, count -> [String: Any] in
            let (good, bad) = (tall(count.answered), tall(count.refused))
            return [
                "x": hour * Self.width, "width": Self.width - Self.gap,
                "good_y": Self.height - good, "good": good,
                "bad_y": max(0, Self.height - good - bad), "bad": bad,
            ]
        }
        let rows = counts.enumerated().compactMap { hour, count -> [String: Any]? in
            guard count.answered + count.refused > 0 else { return nil }
            return [
                "hour": "\(hour < 10 ? "0" : "")\(hour).00",
                "answered": words.count(count.answered), "refused": words.count(count.refused),
            ]
        }
        var values: [String: Any] = ["bars": bars]
        if !rows.isEmpty { values["table"] = ["rows": rows] }
        self.values = values
    }
}
