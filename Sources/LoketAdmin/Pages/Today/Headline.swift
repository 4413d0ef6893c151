// The state of the service as a sentence, and each finding as one. The findings are those of the
// API, which also has the details.

import LoketCore
import LoketJSON

struct Headline {
    let values: [String: Any]

    /// - Parameter status: the status; nil if the key may not read it.
    init(_ visit: Visit, _ status: JSONValue?) async {
        let words = visit.words
        let ready = try? await visit.api.get("/ready")
        let state = ready?["state"]?.string ?? "failing"
        var values: [String: Any] = [:]
        let findings = status?["findings"]?.elements ?? []
        let counts = Self.counts(status, findings.first, words)
        // Without the status, the values of a finding's sentence are unknown.
        let sentence = findings.first?["name"]?.string.flatMap {
            words.ifAny("finding_\($0)", counts)
        }
        let headline = state == "open" ? words["head_open"] : sentence ?? words["head_\(state)"]
        values["headline"] = headline
        values["findings"] = findings.map { finding -> [String: Any] in
            var item: [String: Any] = [:]
            let name = finding["name"]?.string ?? ""
            let values = Self.counts(status, finding, words)
            let text = words.ifAny("finding_\(name)", values) ?? finding["sentence"]?.string
            item["text"] = text
            item["summary"] = text == headline ? words["finding_more"] : text
            item["detail"] = finding["sentence"]?.string
            item["command"] = finding["command"]?.string
            item["tone"] = finding["severity"]?.string == "critical" ? "bad" : "warn"
            item["why"] = WhyPage.place(request: finding["request_id"])
            return item
        }
        if let pause = ready?["pauses"]?.elements.first {
            values["pause"] = words(
                "paused_by",
                [
                    "who": pause["actor"]?.string ?? "",
                    "when": words.moment(pause["paused_at"]?.string) ?? "",
                    "reason": pause["reason"]?.string ?? "",
                ])
        }
        if let status { values["lead"] = Self.lead(status, visit) }
        self.values = values
    }

    private static func counts(
        _ status: JSONValue?, _ finding: JSONValue?, _ words: Words
    ) -> [String: String] {
        func waiting(_ name: StaticString) -> String {
            words.count(status?["waiting"]?[name]?.integer ?? 0)
        }
        return [
            "payments": waiting("payments"), "quarantine": waiting("quarantine"),
            "attention": waiting("attention"),
            "since": words.moment(finding?["since"]?.string) ?? "",
        ]
    }

    /// When each chain last asked, and how far DOKU's clock is off.
    private static func lead(_ status: JSONValue, _ visit: Visit) -> String {
        let words = visit.words
        let asked = (status["last_inquiry"]?.members ?? []).compactMap { name, value in
            value.string.flatMap { Moment(rfc3339: $0) }.map { last in
                words(
                    "asked_ago",
                    [
                        "channel": words.channel(name),
                        "span": words.span(
                            milliseconds: max(0, visit.now.milliseconds - last.milliseconds)),
                    ])
            }
        }
        let skew = status["clock_skew_ms"]?.integer.map {
            words("clock_off_by", ["span": words.span(milliseconds: $0)])
        }
        guard !asked.isEmpty else { return words["asked_never"] }
        return asked.joined(separator: ", ") + "." + (skew.map { " " + $0 } ?? "")
    }
}
