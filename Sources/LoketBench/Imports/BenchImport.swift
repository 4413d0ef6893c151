// `loket-bench import`: imports a file of bills into the running service, alternating with the
// sqlite3 shell, which imports the same file into the same tables. Then the import runs at the same
// time as inquiries and payments.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore

struct BenchImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Measure the import of a file of bills.",
        discussion: """
            Writes a CSV file and imports it into a service of its own with `loket bills \
            import`, until it is applied; in turn with it the sqlite3 shell imports the same file \
            into the same tables. Then the import runs beside inquiries and notifications at a \
            steady pace, which are measured with and without it. Needs the command sqlite3 \
            (apt-get install sqlite3) and 2 GB of disk.
            """)

    @Option(help: "Rows of the file.")
    var rows = 1_000_000
    @Option(help: "Rounds of each side.")
    var rounds = 3
    @Option(help: "Inquiries in a second beside the import.")
    var pace = 400.0

    func validate() throws {
        guard rows > 0, rounds > 0, pace > 0 else {
            throw ValidationError("rows, rounds and pace must be above 0")
        }
    }

    func run() async throws {
        let folder = try makeTemporaryFolder("bench")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("bills.csv").path
        say("writing a file of \(rows) bills …")
        try BillFile(
            workload: Workload(billCount: rows, bin: DemoSite.exclusiveBIN)
        ).write(to: file)
        var ratios: [Double] = []
        for round in 1...rounds {
            let shell = try await SQLiteShell.seconds(toImport: file)
            let ours = try await imported(file)
            ratios.append(shell / ours.seconds)
            say(
                String(
                    format: "round %d: sqlite3 %.0f rows/s, loket %.0f rows/s, %.2f of it; "
                        + "at most %d MiB of memory", round, Double(rows) / shell,
                    Double(rows) / ours.seconds, shell / ours.seconds, ours.memoryMiB))
        }
        say(String(format: "\nmedian ratio %.2f\n", ratios.median))
        try await ImportSideLoad(pace: pace).measure(importing: file)
    }

    private func imported(_ file: String) async throws -> (seconds: Double, memoryMiB: Int) {
        let site = try DemoSite()
        defer { site.remove() }
        let service = try await site.serve()
        defer { _ = service.stop() }
        let began = ContinuousClock.now
        try await site.importFile(file, at: service.adminURL)
        return ((ContinuousClock.now - began).inSeconds, service.peakMemoryMiB)
    }
}
