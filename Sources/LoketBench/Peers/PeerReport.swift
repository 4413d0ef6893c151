// The report of a comparison with other servers, in Markdown, and its chart.

import Foundation
import LoketStore

struct PeerReport {
    /// A server at a fixed rate.
    struct Paced {
        let name: String
        let perSecond: Double
        let p50: Int
        let p99: Int
    }

    let bills: Int
    let connections: Int
    let roundCount: Int
    /// What each server says of itself.
    var titles: [String: String] = [:]
    var rounds = PeerRounds([])
    var paced: [Paced] = []
    var payments: [PeerPayments.Row] = []
    var machine = ""

    init(bills: Int, connections: Int, rounds: Int) {
        self.bills = bills
        self.connections = connections
        roundCount = rounds
    }

    var markdown: String {
        let parts = [inquiryText, pacedText, paymentText, machine]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    var chart: BarChart {
        BarChart(
            title: "Signed inquiries per second on one core",
            bars: rounds.summaries.map { summary in
                BarChart.Bar(
                    label: summary.name, value: summary.perSecond,
                    text: rate(summary), isOurs: summary.name == PeerTarget.loketName)
            })
    }

    // MARK: Parts

    private var inquiryText: String {
        let summaries = rounds.summaries
        let rows = summaries.map { summary in
            let range = String(
                format: "%.2f (%.2f to %.2f)", summary.ratio, summary.lowestRatio,
                summary.highestRatio)
            return "| \(title(summary.name)) | \(rate(summary)) | \(milliseconds(summary.p50)) "
                + "| \(milliseconds(summary.p99)) "
                + String(format: "| %.0f µs | ", summary.microsecondsOfCPU)
                + (summary.name == PeerTarget.loketName ? "1" : range) + " |"
        }
        let bound =
            summaries.contains(where: \.isLowerBound)
            ? "\n\n≥: the load generator was as busy as it can be, so the server may be faster."
            : ""
        return """
            Signed inquiries among \(grouped(bills)) bills over \(connections) connections, each \
            server on one core, the load generator on another, median of \(roundCount) rounds in \
            turn. The last column is the rate as a multiple of loket's in the same round.

            | | inquiries/s | p50 | p99 | CPU each | beside loket |
            |---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))
            """ + bound
    }

    private var pacedText: String {
        guard !paced.isEmpty else { return "" }
        let rows = paced.map {
            "| \($0.name) | \(grouped(Int($0.perSecond))) | \(milliseconds($0.p50)) "
                + "| \(milliseconds($0.p99)) |"
        }
        return """
            Each at half of its own highest rate. An inquiry is timed from the moment at which it \
            was due.

            | | inquiries/s | p50 | p99 |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    private var paymentText: String {
        guard !payments.isEmpty else { return "" }
        let rows = payments.map { row in
            "| \(row.connections) | \(String(format: "%.0f", row.perCommit)) "
                + "| \(grouped(Int(row.loket.perSecond))) | \(cpu(row.loket)) "
                + "| \(grouped(Int(row.floor.perSecond))) | \(cpu(row.floor)) "
                + String(format: "| %.2f |", row.ratio)
        }
        return """
            Payments recorded per second, each answered after its commit, beside a C program \
            that writes the same rows without a network, as many in a commit, in turn. The last \
            column is its rate as a multiple of loket's.

            | connections | in a commit | loket | CPU each | C program | CPU each | beside loket |
            |---|---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    // MARK: Words

    private func title(_ name: String) -> String {
        name == PeerTarget.loketName
            ? "**loket**, which also keeps a journal" : titles[name] ?? name
    }

    private func cpu(_ side: PeerPayments.Side) -> String {
        String(format: "%.0f µs", side.microsecondsOfCPU)
    }

    private func rate(_ summary: PeerRounds.Summary) -> String {
        (summary.isLowerBound ? "≥ " : "") + grouped(Int(summary.perSecond))
    }

    private func milliseconds(_ microseconds: Int) -> String {
        String(format: "%.2f ms", Double(microseconds) / 1000)
    }

    /// Returns a number with a comma before each three digits.
    private func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

/// The machine on which a benchmark ran.
enum Machine {
    /// - Parameter compilers: The names and versions of the compilers; may be empty.
    static func description(compilers: String) -> String {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = processors.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
            .prefix { $0 == "." || $0.isNumber }
        let parts = [
            model ?? "unknown processor", "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores",
            "Linux \(kernel ?? "of unknown version")", "SQLite \(sqliteVersion)", compilers,
        ]
        return "Measured on: " + parts.filter { !$0.isEmpty }.joined(separator: "; ") + "."
    }
}
