// An inquiry from bytes to bytes without a socket, on a separate database: responder, look-up,
// journal and tally, combined as on each thread of the gateway.

import DokuSimulator
import Foundation
import LoketCore
import LoketGateway
import LoketRuntime
import LoketStore
import TestSupport
import Testing

struct InquiryDesk {
    /// The time of every request that gives no other time.
    static let now = Moment(seconds: 1_700_000_000)

    let store: Store
    let registry: AccountRegistry
    let journal: Journal
    let metrics: Metrics
    let refusals: RefusalMonitor
    let log = LogLines()
    let settings: Settings
    private let accountIDs: [String: Int64]

    init(folder: URL, settings: Settings, journalCapacity: Int) throws {
        self.settings = settings
        store = try Store(path: settings.database)
        accountIDs = try store.registerAccounts(settings.accounts.map(\.clientID))
        registry = AccountRegistry(settings: settings, ids: accountIDs, pauses: [])
        journal = Journal(on: store, capacity: journalCapacity)
        metrics = Metrics(log: log.logger)
        refusals = RefusalMonitor(
            settings: settings, store: store, registry: registry, log: log.logger)
    }

    func accountID(_ clientID: String = Shop.clientID) throws -> Int64 {
        try #require(accountIDs[clientID])
    }

    func seed(
        _ drafts: [BillDraft], state: Bill.State = .open, clientID: String = Shop.clientID
    ) throws {
        try store.seed(drafts, accountID: accountID(clientID), state: state, now: Self.now)
    }

    /// - Parameter find: used in place of the database.
    func ask(
        _ request: DokuRequest, now: Moment = Self.now, answerMilliseconds: Int = 60_000,
        find: InquiryEndpoint.Find? = nil
    ) throws -> DokuAnswer {
        let lookup = try store.makeLookup()
        let endpoint = InquiryEndpoint(
            responder: InquiryResponder(settings: settings, registry: registry),
            journal: journal, metrics: metrics, refusals: refusals,
            answerMilliseconds: answerMilliseconds,
            find: find ?? lookup.find)
        let reply = try #require(
            endpoint.answer(
                headers: request.headers.map { (name: $0.name, value: $0.value) },
                body: request.body, now: now))
        return DokuAnswer(
            status: reply.status,
            headers: reply.headers.map { Header("\($0.name)", $0.value) }, body: reply.body)
    }

    /// Sends an inquiry with the time `now`.
    func ask(
        _ code: String, counter: Doku.Counter = .alfa, requestID: String = Doku.newRequestID(),
        find: InquiryEndpoint.Find? = nil
    ) throws -> DokuAnswer {
        try ask(
            Shop.doku.inquiry(code, counter: counter, requestID: requestID, at: Self.now),
            find: find)
    }

    /// The entries of the journal, oldest first. Nothing can be journaled afterwards.
    func journaled() async throws -> [JournalEntry] {
        journal.close()
        return try await store.inquiries(before: .max, limit: 1000).reversed().map(\.entry)
    }
}

func withDesk(
    more: String = "", journalCapacity: Int = 1000,
    _ change: (inout Settings) -> Void = { _ in },
    _ body: (InquiryDesk) async throws -> Void
) async throws {
    try await withFolder { folder in
        var settings = try Shop.settings(in: folder, more: more)
        change(&settings)
        let desk = try InquiryDesk(
            folder: folder, settings: settings, journalCapacity: journalCapacity)
        defer {
            desk.journal.close()
            try? desk.store.close()
        }
        try await body(desk)
    }
}

/// Expects this status and these bytes, signed with the right secret.
func expectSigned(
    _ answer: DokuAnswer, to request: DokuRequest, by doku: Doku = Shop.doku, status: Int,
    body: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer.text == body, sourceLocation: sourceLocation)
    #expect(
        doku.signature(of: answer, to: request) == .verified, sourceLocation: sourceLocation)
    #expect(
        answer.header("Content-Type") == "application/json", sourceLocation: sourceLocation)
}

/// Expects exactly the body for an unverified request, without the signed headers.
func expectUnsigned(
    _ answer: DokuAnswer, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == 401, sourceLocation: sourceLocation)
    #expect(
        answer.text == #"{"online_to_offline_inquiry":{"status":"invalid_signature"}}"#,
        sourceLocation: sourceLocation)
    for name in ["Signature", "Client-Id", "Request-Id", "Response-Timestamp"] {
        #expect(answer.header(name) == nil, sourceLocation: sourceLocation)
    }
}
