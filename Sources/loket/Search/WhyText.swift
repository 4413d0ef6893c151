// Text for the explanation of a request: first the answer, then its reason. Times are in Jakarta
// time.

import LoketCore
import LoketJSON

enum WhyText {
    static func page(_ found: JSONValue) -> String {
        var lines = ["request  \(shown(found["request_id"]))"]
        lines += inquiry(found["inquiry"])
        lines += answer(found["answer"])
        lines += bill(found["bill"])
        let passed = found["would_have_passed"]?.string
        lines += signature(found["signature"], passed ?? "")
        if let passed {
            lines += ["", "what to change", "  " + passed.inWIB]
        }
        lines += others(found)
        // Some values come from the sender of the request and must not control the terminal.
        return lines.map(\.visible).joined(separator: "\n")
    }

    private static func inquiry(_ row: JSONValue?) -> [String] {
        guard let row, row.isObject else { return [] }
        // For a stale request, the signature's findings contain the time difference.
        let isStale = row["guard"]?.string == "stale"
        let clocks = isStale ? nil : row["skew_ms"]?.integer.map(clockWords)
        return [
            "inquiry  #\(shown(row["id"])) at \(shownTime(row["received_at"])) for \(shown(row["account"]))",
            "code     \(shown(row["payment_code"])) at \(shown(row["channel"])) "
                + "(\(shown(row["acquirer"])))",
            "took     \(shown(row["duration_us"])) µs\(clocks ?? "")",
        ]
    }

    private static func answer(_ answer: JSONValue?) -> [String] {
        let guardName = answer?["guard"]?.string.map { ", guard \($0)" } ?? ""
        let status = answer?["status"]?.string.map { " \($0)" } ?? ""
        return [
            "answer   \(shown(answer?["http_status"]))\(status)\(guardName)",
            "         \(shown(answer?["meaning"]).inWIB)",
        ]
    }

    private static func bill(_ bill: JSONValue?) -> [String] {
        guard let bill, bill.isObject else { return [] }
        func reading(_ value: JSONValue?) -> String {
            let next = wibTime(value?["amount_until"]).map {
                " until \($0), then \(shownAmount(value?["next_amount"]))"
            }
            let times = [
                wibTime(value?["valid_from"]).map { ", valid from \($0)" },
                wibTime(value?["expires_at"]).map { ", until \($0)" },
                wibTime(value?["due_at"]).map { ", due \($0)" },
            ]
            return "\(shown(value?["state"])), \(shownAmount(value?["amount"]))\(next ?? "")"
                + times.compactMap(\.self).joined()
        }
        let now = bill["now"]
        return [
            "bill     #\(shown(now?["id"])) \(shown(now?["invoice_number"]))",
            "  then   \(reading(bill["then"]))", "  now    \(reading(now))",
        ]
    }

    /// - Parameter passed: The text about what would have passed. A fix that it contains is not
    ///   repeated.
    private static func signature(_ signature: JSONValue?, _ passed: String) -> [String] {
        guard let signature, signature.isObject else { return [] }
        var lines = ["signature: \(shown(signature["verdict"]))"]
        if let received = signature["received"]?.string { lines.append("  received \(received)") }
        let findings = signature["findings"]?.elements ?? []
        for finding in findings {
            lines.append("  \(shown(finding["mistake"])): \(shown(finding["detail"]).inWIB)")
            let fix = shown(finding["fix"])
            if !passed.contains(fix) { lines.append("    \(fix)") }
        }
        if signature["unexplained"]?.bool == true {
            lines.append("  none of \(shown(signature["tried"])) tried strings gives the signature")
        }
        return [""] + lines
    }

    private static func others(_ found: JSONValue) -> [String] {
        let ids = (found["others"]?.elements ?? []).compactMap(\.string)
        let count = found["count"]?.integer ?? 0
        guard count > 1 else { return [] }
        let refused = found["refused"]?.elements ?? []
        let list =
            ids.isEmpty
            ? "" : "; others: inquiries " + ids.map { "#" + $0 }.joined(separator: ", ")
        let more = count - 1 > ids.count + refused.count ? ", …" : ""
        let lines = refused.map {
            "the \(shown($0["kind"])) of \(shownTime($0["received_at"])) was refused: \(shown($0["cause"]))"
        }
        return ["", "\(count) requests have this id; the newest is shown" + list + more] + lines
    }

    /// - Parameter skew: The milliseconds by which DOKU's clock was behind ours.
    private static func clockWords(_ skew: Int64) -> String {
        let tenths = (abs(skew) + 50) / 100
        let size = tenths < 600 ? "\(tenths / 10).\(tenths % 10) s" : span(milliseconds: skew)
        return "; DOKU's clock was \(size) \(skew < 0 ? "ahead of" : "behind") ours"
    }
}
