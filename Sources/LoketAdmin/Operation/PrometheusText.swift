// Prometheus' text format, as far as the service needs it: series with their help, type and
// samples.

import LoketRuntime

/// A group of series with one name: its description and the code that reads it.
struct MetricFamily: Sendable {
    enum Kind: String { case counter, gauge, histogram }

    struct Sample {
        /// The suffix of the family's name, such as `_sum`; often empty.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        let value: Double
    }

    let name: String
    let help: String
    let kind: Kind
    let samples: @Sendable (MetricsReading) -> [Sample]

    /// A counter since the start; its help says so.
    static func counter(
        _ name: String, _ help: String, _ value: @escaping @Sendable (MetricsReading) -> Int
    ) -> MetricFamily {
        MetricFamily(name: name, help: help + ", since the start.", kind: .counter) {
            [Sample(value: Double(value($0)))]
        }
    }

    /// Counters since the start, one for each value of the label.
    static func counter(
        _ name: String, _ help: String, by label: String,
        _ values: @escaping @Sendable (MetricsReading) -> [(String, Int)]
    ) -> MetricFamily {
        MetricFamily(name: name, help: help + ", since the start.", kind: .counter) { reading in
            values(reading).map { Sample(labels: [(label, $0)], value: Double($1)) }
        }
    }

    /// - Parameter value: nil if currently unknown.
    static func gauge(
        _ name: String, _ help: String, _ value: @escaping @Sendable (MetricsReading) -> Double?
    ) -> MetricFamily {
        MetricFamily(name: name, help: help + ".", kind: .gauge) { reading in
            value(reading).map { [Sample(value: $0)] } ?? []
        }
    }

    /// One gauge for each value of the label.
    static func gauge(
        _ name: String, _ help: String, by label: String,
        _ values: @escaping @Sendable (MetricsReading) -> [(String, Double)]
    ) -> MetricFamily {
        MetricFamily(name: name, help: help + ".", kind: .gauge) { reading in
            values(reading).map { Sample(labels: [(label, $0)], value: $1) }
        }
    }

    /// Durations since the start, in seconds, one histogram for each value of the label.
    static func histogram(
        _ name: String, _ help: String, by label: String,
        _ values: @escaping @Sendable (MetricsReading) -> [(String, DurationHistogram)]
    ) -> MetricFamily {
        MetricFamily(name: name, help: help + ", since the start.", kind: .histogram) { reading in
            values(reading).flatMap { value, histogram in
                let buckets = histogram.cumulative.map { bound, count in
                    Sample(
                        suffix: "_bucket",
                        labels: [(label, value), ("le", bound.map(PrometheusText.text) ?? "+Inf")],
                        value: Double(count))
                }
                return buckets + [
                    Sample(suffix: "_sum", labels: [(label, value)], value: histogram.seconds),
                    Sample(
                        suffix: "_count", labels: [(label, value)], value: Double(histogram.count)),
                ]
            }
        }
    }
}

enum PrometheusText {
    /// Formats the families that have samples, in order.
    static func text(_ families: [MetricFamily], _ reading: MetricsReading) -> String {
        var text = ""
        for family in families {
            let samples = family.samples(reading)
            if samples.isEmpty { continue }
            text += "# HELP \(family.name) \(family.help)\n"
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for sample in samples {
                let labels = sample.labels.map { "\($0.name)=\"\($0.value)\"" }
                let shown = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
                text += "\(family.name)\(sample.suffix)\(shown) \(Self.text(sample.value))\n"
            }
        }
        return text
    }

    /// Formats whole numbers without a fraction.
    static func text(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
