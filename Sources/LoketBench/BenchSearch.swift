// `loket-bench search`: measures how long the first page of each kind of search takes among many
// bills, over HTTP, including everything that a real request passes through.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore

struct BenchSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Measure the first pages of searches among many bills.",
        discussion: """
            Fills a temporary database, starts the service and asks its admin API for the first \
            page of each kind of search. It waits until the words of the names are written, and \
            fails if a search by names does not find as many bills as have them. Ten million bills \
            want 6 GB of disk and half an hour.
            """)

    @Option(help: "Bills in the database.")
    var bills = 1_000_000
    @Option(help: "Questions of each kind.")
    var rounds = 20
    @Option(help: "Bills on a page.")
    var limit = Limits.pageItemsDefault

    /// The number of bills per transaction.
    private static let chunk = 50_000
    /// The number of held bills, as low as in a real shop.
    private static let heldCount = 3
    /// The number of bills whose names have a word that no other name has.
    private static let rareCount = 5
    /// One bill out of this number is past its expiry.
    private static let expiredEvery = 1_000

    func validate() throws {
        guard bills >= 100, rounds > 0, (1...Limits.pageItemsMax).contains(limit) else {
            throw ValidationError(
                "bills must be at least 100, rounds above 0, limit 1 to \(Limits.pageItemsMax)")
        }
    }

    func run() async throws {
        let site = try DemoSite()
        defer { site.remove() }
        say("filling a database with \(bills) bills …")
        let workload = Workload(billCount: bills, bin: DemoSite.exclusiveBIN)
        let began = ContinuousClock.now
        try fill(site, workload)
        say("filled in \((ContinuousClock.now - began).components.seconds) s\n")

        // After the first start, the database is in the file cache.
        _ = try await site.serve().stop()
        let start = ContinuousClock.now
        let service = try await site.serve()
        defer { _ = service.stop() }
        let milliseconds = (ContinuousClock.now - start).microseconds / 1000
        say("listening after \(milliseconds) ms, at most \(service.peakMemoryMiB) MiB so far\n")
        _ = try await site.get("/admin/v1/bills?limit=1", from: service)
        say("the words of the names were written after \(try await words(site, service)) s\n")
        say("first pages of \(limit) bills among \(bills), \(rounds) of each kind, milliseconds")
        for search in searches(workload) + names { say(try await measure(search, site, service)) }
    }

    /// Waits until the words of all names are written.
    ///
    /// - Returns: the seconds since the call.
    private func words(_ site: DemoSite, _ service: ServiceProcess) async throws -> Int64 {
        let began = ContinuousClock.now
        try await site.waitUntilQuiet(service)
        return (ContinuousClock.now - began).components.seconds
    }

    // MARK: Filling

    private func fill(_ site: DemoSite, _ workload: Workload) throws {
        let now = Moment.now
        try site.fill { write in
            for start in stride(from: 0, to: bills, by: Self.chunk) {
                let places = start..<min(start + Self.chunk, bills)
                for state in [Bill.State.open, .held, .paid, .cancelled] {
                    let places = places.lazy.filter { self.state($0) == state }
                    try write(places.map { draft($0, workload, now) }, state)
                }
            }
        }
    }

    private func state(_ place: Int) -> Bill.State {
        let held = bills / Self.heldCount
        if place % held == held / 2 { return .held }
        return place % 20 < 16 ? .open : place % 20 < 19 ? .paid : .cancelled
    }

    private func draft(_ place: Int, _ workload: Workload, _ now: Moment) -> BillDraft {
        var draft = workload.draft(place)
        let isPast = place % Self.expiredEvery == 0
        // Expiries are whole days apart, so many bills expire at the same moment.
        let days = Int64(isPast ? -1 - place % 30 : 1 + place % 90)
        draft.expiresAt = now.adding(milliseconds: days * 86_400_000)
        draft.customerName = "Anton Budiman \(place % 1_000)" + (isRare(place) ? " Langka" : "")
        return draft
    }

    /// Whether the bill is one of a few that are spread over all bills.
    private func isRare(_ place: Int) -> Bool {
        let distance = bills / Self.rareCount
        return place % distance == distance / 2 && place / distance < Self.rareCount
    }

    // MARK: Measuring

    private struct Search {
        let name: String
        /// Returns the query for a round.
        let query: (Int) -> String
        var list = "bills"
        /// The number of bills that each answer must have; nil if it depends on the round.
        var expected: Int?
    }

    /// Searches by words of names. Each name has the first two words.
    private var names: [Search] {
        let (all, rare) = (Limits.namedBillsMax, Self.rareCount)
        let texts: [(name: String, expected: Int?, text: (Int) -> String)] = [
            ("a letter of every name", all, { _ in "a" }),
            ("a word of every name", all, { _ in "budiman" }),
            ("two words of every name", all, { _ in "anton%20bud" }),
            ("a word of 1 in 1,000 names", nil, { "\($0 * 37 % 1_000)" }),
            ("words of all and of 1 in 1,000", nil, { "anton%20\($0 * 37 % 1_000)" }),
            ("a word of \(rare) names", rare, { _ in "langka" }),
            ("words of all and of \(rare) names", rare, { _ in "anton%20langka" }),
            ("a word of no name", 0, { _ in "zzyzx" }),
        ]
        return texts.map { name, expected, text in
            Search(
                name: "name: \(name)", query: { "q=" + text($0) }, list: "search",
                expected: expected)
        }
    }

    private func searches(_ workload: Workload) -> [Search] {
        func place(_ round: Int) -> Int { (round * 7_919 + 13) * 104_729 % bills }
        func code(_ round: Int) -> String { workload.draft(place(round)).paymentCode.digits }
        func number(_ round: Int) -> String { workload.draft(place(round)).invoiceNumber.text }
        let states = (Bill.State.allCases.map(\.rawValue) + ["expired"]).map { state in
            Search(name: "state \(state)") { _ in "state=\(state)" }
        }
        return [
            Search(name: "newest") { _ in "sort=newest" },
            Search(name: "oldest") { _ in "sort=oldest" },
            Search(name: "payment code") { "payment_code=\(code($0))" },
            Search(name: "invoice number") { "invoice_number=\(number($0))" },
            Search(name: "invoice prefix of all bills") { _ in "invoice_prefix=INV-" },
            Search(name: "invoice prefix of some") { round in
                "invoice_prefix=\(number(round).dropLast(2))"
            },
            Search(name: "invoice prefix and state held") { _ in
                "invoice_prefix=INV-&state=held"
            },
            Search(name: "open, oldest") { _ in "state=open&sort=oldest" },
            Search(name: "next to expire") { _ in "sort=expires_at" },
            Search(name: "code and state") { "payment_code=\(code($0))&state=open" },
            Search(name: "customer that many have") { "customer=budiman%20\($0 % 10)" },
            Search(name: "customer that nobody has (bounded)") { _ in "customer=nobody" },
        ] + states
    }

    private func measure(
        _ search: Search, _ site: DemoSite, _ service: ServiceProcess
    ) async throws -> String {
        var times: [Double] = []
        var items = 0
        for round in 0..<rounds {
            let head = search.list == "bills" ? "bills?limit=\(limit)&" : "search?"
            let path = "/admin/v1/" + head + search.query(round)
            let began = ContinuousClock.now
            let page = try await site.get(path, from: service)
            times.append((ContinuousClock.now - began) / .milliseconds(1))
            let found = (page["items"] ?? page["names"]?["items"])?.elements.count ?? 0
            guard search.expected == nil || search.expected == found else {
                throw BenchFailure("\(search.name): \(found) bills were found")
            }
            items = max(items, found)
        }
        let name = search.name.padding(toLength: 36, withPad: " ", startingAt: 0)
        return "  " + name
            + String(
                format: "p50 %8.1f   max %8.1f   %d bills", times.median, times.max() ?? 0, items)
    }
}
