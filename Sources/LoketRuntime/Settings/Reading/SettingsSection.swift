// One mapping of the settings file, asked key by key. It remembers what it was asked for; the
// rest is unknown. How a scalar becomes a number or a text stands in YAMLScalars.

import LoketStore
import Yams

final class SettingsSection {
    let place: SettingsPlace
    let reading: SettingsReading
    private let overridable: Bool
    private var entries: [(name: String, line: Int?, node: Node)] = []
    private var asked: Set<String> = []

    init(_ node: Node?, at place: SettingsPlace, in reading: SettingsReading, overridable: Bool) {
        self.place = place
        self.reading = reading
        self.overridable = overridable
        guard let node else { return }
        guard let mapping = node.mapping else {
            reading.refuse(
                SettingsPlace(path: place.path, line: place.line ?? node.mark?.line),
                "must be a mapping (`key: value`), not \(node.kind)")
            return
        }
        for (key, value) in mapping {
            let line = key.mark?.line
            if let name = key.scalar?.string {
                entries.append((name, line, value))
            } else {
                reading.refuse(SettingsPlace(path: place.path, line: line), "a key must be text")
            }
        }
    }

    func has(_ key: String) -> Bool {
        node(key) != nil
    }

    func node(_ key: String) -> Node? {
        asked.insert(key)
        return entries.first { $0.name == key }?.node
    }

    /// Where a key was given; for one that was not, where its section begins.
    func place(of key: String) -> SettingsPlace {
        let path = path(of: key)
        if overridable, let variable = reading.variable(for: path) {
            return SettingsPlace(path: variable.name, line: nil)
        }
        return SettingsPlace(path: path, line: entries.first { $0.name == key }?.line ?? place.line)
    }

    func section(_ key: String) -> SettingsSection {
        let node = node(key)
        return reading.section(node, at: writtenPlace(of: key), overridable: overridable)
    }

    func refuse(_ key: String, _ message: String) {
        reading.refuse(place(of: key), message)
    }

    /// The entries of a list that must be there and hold something; empty where that was refused.
    func requiredList(_ key: String, holding what: String) -> [(place: SettingsPlace, node: Node)] {
        guard let node = node(key) else {
            reading.refuse(writtenPlace(of: key), "is missing: \(what)")
            return []
        }
        let place = writtenPlace(of: key)
        guard let items = node.sequence else {
            reading.refuse(place, "must be a list, not \(node.kind): \(what)")
            return []
        }
        if items.isEmpty { reading.refuse(place, "is an empty list: \(what)") }
        return items.enumerated().map { index, item in
            (place.entry(index, line: item.mark?.line), item)
        }
    }

    /// A scalar, from its variable where that is set, else from the file; nil where neither has it
    /// or the file has something else (which is then refused).
    func scalar(_ key: String, wanting what: String) -> SettingsScalar? {
        let node = node(key)
        if overridable, let variable = reading.variable(for: path(of: key)) {
            let place = SettingsPlace(path: variable.name, line: nil)
            return SettingsScalar(text: variable.text, form: .variable, place: place)
        }
        guard let node else { return nil }
        guard let scalar = node.scalar, !node.isEmptyScalar else {
            let remedy =
                node.isEmptyScalar && overridable ? "; remove the line to have the default" : ""
            reading.refuse(
                writtenPlace(of: key), "must be \(what), not \(node.kind)\(remedy)")
            return nil
        }
        return SettingsScalar(scalar, at: writtenPlace(of: key))
    }

    func refuseUnknownKeys() {
        for entry in entries where !asked.contains(entry.name) {
            var message = "unknown key"
            if let near = nearest(to: entry.name, among: asked) {
                message += "; did you mean \(near)?"
            } else {
                message += "; known here: \(asked.sorted().joined(separator: ", "))"
            }
            let path = path(of: shownName(entry.name))
            reading.refuse(SettingsPlace(path: path, line: entry.line), message)
        }
    }

    private func path(of key: String) -> String {
        place.path.isEmpty ? key : place.path + "." + key
    }

    /// Like `place(of:)`, for what no variable can replace.
    private func writtenPlace(of key: String) -> SettingsPlace {
        let line = entries.first { $0.name == key }?.line ?? place.line
        return SettingsPlace(path: path(of: key), line: line)
    }
}
