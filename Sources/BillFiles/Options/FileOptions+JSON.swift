// The options as a JSON object: as an import keeps them, and as the admin API shows them.

import LoketCore
import LoketJSON

extension FileOptions {
    package var json: String {
        var writer = JSONWriter()
        writer.object { object in
            object.field("format", format.rawValue)
            object.field("amount_format", amountFormat.rawValue)
            object.field("date_format", dateFormat.rawValue)
            object.field("delimiter", delimiter?.rawValue)
            object.field("encoding", encoding.rawValue)
            object.field("skip_lines", Int64(skipLines))
            object.object("map") { names in
                for mapped in map {
                    names.name(mapped.name)
                    names.string(mapped.target)
                }
            }
            object.array("ignore") { list in ignore.forEach { list.string($0) } }
            object.array("skip_rows") { list in skipRows.forEach { list.string($0) } }
            object.field("clean_codes", cleansCodes)
            object.field("clean_spaces", cleansSpaces)
            object.field("rows_of", rowsOf.map { "\($0)" })
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Returns nil unless the text is such an object.
    package init?(json: String) {
        self.init()
        guard let root = try? StrictJSON(Array(json.utf8)).root,
            let format = root["format"]?.string.flatMap(ImportFormat.init)
        else { return nil }
        self.format = format
        rowsOf = root["rows_of"]?.string.flatMap { Int64($0) }
        var given: [String: [String]] = [:]
        for (name, value) in root.members {
            if let text = value.string {
                given[name] = [text]
            } else if let number = value.integer {
                given[name] = ["\(number)"]
            } else if let flag = value.bool {
                given[name] = ["\(flag)"]
            } else if value.isArray {
                given[name] = value.elements.compactMap(\.string)
            } else if value.isObject {
                given[name] = value.members.map { "\($0.name)=\($0.value.string ?? "")" }
            }
        }
        do { try take(given) } catch { return nil }
    }
}
