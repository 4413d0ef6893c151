// Times, amounts and codes as people read them. Times are Jakarta's.

import LoketCore

extension Words {
    /// A time of the API as `14.32`, with seconds as `14.32.05`.
    func time(_ text: String?, seconds: Bool = false) -> String? {
        local(text).map { clock in
            let parts = clock.timeText.split(separator: ":").prefix(seconds ? 3 : 2)
            return parts.joined(separator: ".")
        }
    }

    /// A time of the API as `3 November 2026, 10.14`.
    func moment(_ text: String?) -> String? {
        guard let clock = local(text), let time = time(text) else { return nil }
        let months = self["months"].split(separator: " ")
        guard months.indices.contains(clock.month - 1) else { return nil }
        return "\(clock.day) \(months[clock.month - 1]) \(clock.year), \(time)"
    }

    /// A time with seconds, with its date instead if that is not today's.
    func momentOrTime(_ text: String?, now: Moment) -> String? {
        guard let moment = text.flatMap({ Moment(rfc3339: $0) }) else { return nil }
        return moment.wibDate == now.wibDate ? time(text, seconds: true) : self.moment(text)
    }

    private func local(_ text: String?) -> CivilTime? {
        text.flatMap { Moment(rfc3339: $0) }.map {
            CivilTime(secondsSinceEpoch: $0.seconds + Moment.wibSeconds)
        }
    }

    /// How long ago, as `6 menit`.
    func span(milliseconds: Int64) -> String {
        let seconds = Int64(milliseconds.magnitude / 1000)
        let parts: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
        guard let place = parts.firstIndex(where: { seconds >= $0.0 }) else {
            return unit(seconds, "second")
        }
        let (size, name) = parts[place]
        let first = unit(seconds / size, name)
        guard place < 2, case let rest = seconds % size / parts[place + 1].0, rest > 0 else {
            return first
        }
        return first + " " + unit(rest, parts[place + 1].1)
    }

    private func unit(_ count: Int64, _ name: String) -> String {
        "\(count) " + self[count == 1 ? "unit_\(name)" : "unit_\(name)s"]
    }

    /// A count as `1.250` in Indonesian and `1,250` in English.
    func count(_ number: Int64) -> String {
        let text = Rupiah.text(whole: number).replacing("Rp", with: "")
        return language == .english ? text.replacing(".", with: ",") : text
    }

    func percent(_ part: Int64, of whole: Int64) -> String {
        let tenths = whole > 0 ? (part * 1000 + whole / 2) / whole : 0
        let mark = language == .english ? "." : ","
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10)\(mark)\(tenths % 10)%"
    }

    /// The chain of a channel.
    func channel(_ name: String?) -> String {
        guard let name else { return self["channel_none"] }
        return ifAny("channel_\(name)") ?? name
    }
}

func rupiah(_ amount: Int64?) -> String? { amount.map { Rupiah.text(whole: $0) } }

/// A code in groups of four, as `8896 5120 2600 07`; a text that is no code stays as it is.
func grouped(_ code: String) -> String {
    guard code.utf8.allSatisfy(isASCIIDigit) else { return code }
    return stride(from: 0, to: code.count, by: 4)
        .map { code.dropFirst($0).prefix(4) }.joined(separator: " ")
}
