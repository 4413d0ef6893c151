// Prometheus' text format, as far as we need it.

struct Exposition {
    private(set) var text = ""

    mutating func family(
        _ name: String, _ help: String, _ samples: [(label: String, value: String, count: Int)]
    ) {
        head(name, help, "counter")
        for (label, value, count) in samples {
            text += "\(name){\(label)=\"\(value)\"} \(count)\n"
        }
    }

    mutating func single(_ name: String, _ help: String, _ type: String, _ count: Int) {
        head(name, help, type)
        text += "\(name) \(count)\n"
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}
