// Three users of a service during a backup, each on a separate thread, and the times at which
// each of their operations began and was acknowledged.

import DokuSimulator
import Foundation
import Synchronization
import TestSupport

final class BackupLoad: Sendable {
    /// An acknowledged operation.
    struct Deed: Sendable {
        let name: String
        let began: ContinuousClock.Instant
        let ended: ContinuousClock.Instant
    }

    enum Kind: CaseIterable, Sendable { case made, paid, asked }

    private struct State {
        var deeds: [Kind: [Deed]] = [:]
        var failures: [String] = []
        var isOver = false
    }

    private let state = Mutex(State())
    private let desk: PaymentDesk
    private let doku: Doku

    /// The first number of the bills created during the load.
    static let firstNew = 10_000_000

    init(_ site: Site, _ desk: PaymentDesk) {
        self.desk = desk
        doku = site.doku()
    }

    func deeds(_ kind: Kind) -> [Deed] { state.withLock { $0.deeds[kind] ?? [] } }
    var failures: [String] { state.withLock { $0.failures } }

    /// Returns the operations acknowledged before this moment.
    func names(_ kind: Kind, endedBefore moment: ContinuousClock.Instant) -> Set<String> {
        Set(deeds(kind).filter { $0.ended < moment }.map(\.name))
    }

    /// Returns the operations begun after this moment.
    func names(_ kind: Kind, begunAfter moment: ContinuousClock.Instant) -> Set<String> {
        Set(deeds(kind).filter { $0.began > moment }.map(\.name))
    }

    /// Waits until each user has completed this many more operations.
    func goOn(_ count: Int) async throws {
        let before = Kind.allCases.map { deeds($0).count }
        try await eventually("everybody goes on: \(failures)") {
            zip(Kind.allCases, before).allSatisfy { deeds($0).count >= $1 + count }
        }
    }

    func end() { state.withLock { $0.isOver = true } }

    /// Until `end`: pays these bills one after another, inquires about them, and creates new ones.
    func run(_ bills: [PaymentBill]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.pay(bills) }
            group.addTask { try await self.ask(bills) }
            group.addTask { try await self.make() }
            try await group.waitForAll()
        }
    }

    private func pay(_ bills: [PaymentBill]) async throws {
        try await blocking { [self] in
            var line = PaymentLine(to: desk)
            for bill in bills {
                let request = desk.request(bill.notice())
                guard go(.paid, bill.invoice, { try line.tell(request).status }) else { return }
            }
            fail("no bill is left to be paid")
        }
    }

    private func ask(_ bills: [PaymentBill]) async throws {
        try await blocking { [self] in
            let connection = try Connection(port: desk.gatewayPort)
            var place = 0
            while true {
                let request = Service.inquiry(bills[place % bills.count].code, by: doku)
                place += 1
                let isOn = go(.asked, request.header("Request-Id") ?? "") {
                    // The bill is payable, or was paid in the meantime.
                    [200, 400].contains(try connection.ask(request).status) ? 200 : 500
                }
                guard isOn else { return }
            }
        }
    }

    private func make() async throws {
        try await blocking { [self] in
            let connection = try Connection(port: desk.adminPort)
            var number = Self.firstNew
            while true {
                let request = desk.adminRequest(
                    "POST", "/admin/v1/bills", PaymentBill.json(number))
                let name = PaymentBill.invoice(number)
                number += 1
                let isOn = go(.made, name) {
                    try connection.ask(request).status == 201 ? 200 : 500
                }
                guard isOn else { return }
            }
        }
    }

    /// - Returns: False after the end.
    private func go(_ kind: Kind, _ name: String, _ deed: () throws -> Int) -> Bool {
        if state.withLock({ $0.isOver }) { return false }
        let began = ContinuousClock.now
        do {
            let status = try deed()
            guard status == 200 else {
                fail("\(name): \(status)")
                return false
            }
        } catch {
            fail("\(name): \(error)")
            return false
        }
        let ended = ContinuousClock.now
        state.withLock {
            $0.deeds[kind, default: []].append(Deed(name: name, began: began, ended: ended))
        }
        return true
    }

    private func fail(_ text: String) {
        state.withLock { $0.failures.append(text) }
    }
}
