// One entry of `bins` as it was written, on its way to being a BIN. The rules are BIN's own; it
// names the first that is broken, and here the rest is found: what it names is replaced by
// something right, and it is asked again.

import LoketCore
import LoketStore
import Yams

struct BINDraft {
    /// As given, whether right or not; nil where there is no text.
    private(set) var digits: String?
    private(set) var type: BINType?
    /// nil where anything was refused.
    private(set) var bin: BIN?

    init(_ section: SettingsSection) {
        digits = Self.readDigits(section)
        type = Self.readType(section)
        let channels = Self.readChannels(section)
        let length = section.section("code_length")
        let least = length.integer("min", in: Int.min...Int.max)
        let most = length.integer("max", in: Int.min...Int.max)

        let faults = Self.faults(
            digits: digits, type: type, channels: channels, least: least, most: most)
        for fault in faults {
            let key = fault == .noFreeDigit && most != nil ? "max" : Self.key(of: fault)
            let isLength = key == "min" || key == "max"
            (isLength ? length : section).refuse(key, fault.description)
        }
        if let digits, let type, let channels {
            bin = try? BIN(
                digits: digits, type: type, channels: channels,
                codeLengthMin: least, codeLengthMax: most)
        }
    }

    private static func readDigits(_ section: SettingsSection) -> String? {
        let what = "a BIN's digits in quotes"
        guard section.has("bin") else {
            section.refuse("bin", "is missing: must be \(what)")
            return nil
        }
        guard let given = section.scalar("bin", wanting: what) else { return nil }
        guard given.form != .plain else {
            section.refuse("bin", "a BIN is text: quote it")
            return nil
        }
        return given.text
    }

    private static func readType(_ section: SettingsSection) -> BINType? {
        guard section.has("type") else {
            let known = BINType.allCases.filter { $0 != .dokuGeneral }.map(\.rawValue)
            section.refuse("type", "is missing: must be one of \(known.joined(separator: ", "))")
            return nil
        }
        return section.choice("type", of: BINType.self)
    }

    /// nil where they were refused.
    private static func readChannels(_ section: SettingsSection) -> Set<Channel>? {
        let known = Channel.allCases.map(\.rawValue).joined(separator: ", ")
        let items: [(place: SettingsPlace, node: Node)]
        if let node = section.node("channels"), node.sequence?.isEmpty == true {
            return []
        } else {
            items = section.requiredList("channels", holding: "a list out of \(known)")
        }
        var channels: Set<Channel> = []
        for item in items {
            if let channel = item.node.scalar.flatMap({ Channel(rawValue: $0.string) }) {
                if !channels.insert(channel).inserted {
                    section.reading.refuse(item.place, "is given twice")
                }
            } else {
                section.reading.refuse(item.place, "must be one of \(known)")
            }
        }
        return channels.isEmpty ? nil : channels
    }

    /// Every rule that is broken, found by mending them one by one. What is not known is taken to
    /// be right.
    private static func faults(
        digits: String?, type: BINType?, channels: Set<Channel>?, least: Int?, most: Int?
    ) -> [BINFault] {
        let standIn = type == .dokuExclusive ? "123456" : "12345"
        var attempt = (
            digits: digits ?? standIn, channels: channels ?? [.alfa],
            // The shortest length counts the BIN's digits, and these are not known.
            least: digits == nil || type == nil ? nil : least, most: most
        )
        var faults: [BINFault] = []
        while true {
            do throws(BINFault) {
                _ = try BIN(
                    digits: attempt.digits, type: type ?? .direct, channels: attempt.channels,
                    codeLengthMin: attempt.least, codeLengthMax: attempt.most)
                return faults
            } catch {
                // Mended already, and still broken: a BIN as long as a whole code.
                guard !faults.contains(error) else { return faults }
                let isJudged = type != nil || error != .directNotFiveDigits
                if isJudged { faults.append(error) }
                switch error {
                case .generalIsDGPCOnly:
                    return faults
                case .notDigits, .exclusiveTooShort, .directNotFiveDigits:
                    attempt.digits = standIn
                    attempt.least = nil
                case .noChannel, .indomaretNeedsDirect:
                    attempt.channels = [.alfa]
                case .noFreeDigit, .lengthAboveMax:
                    attempt.most = Limits.paymentCodeDigitsMax
                case .lengthBelowFree, .lengthsCrossed:
                    attempt.least = nil
                }
            }
        }
    }

    /// Which key of the entry, or of its `code_length`, to look at.
    private static func key(of fault: BINFault) -> String {
        switch fault {
        case .notDigits, .exclusiveTooShort, .directNotFiveDigits, .noFreeDigit: "bin"
        case .generalIsDGPCOnly: "type"
        case .noChannel, .indomaretNeedsDirect: "channels"
        case .lengthBelowFree, .lengthsCrossed: "min"
        case .lengthAboveMax: "max"
        }
    }
}
