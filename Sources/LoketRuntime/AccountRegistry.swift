// Who may ask, and on what terms: accounts, secrets, BINs and pauses as one value that is swapped
// whole. A request holds the one it began with; a reload never mixes two.

import DokuWire
import LoketCore
import LoketStore
import Synchronization

/// One state of the accounts.
package final class ActiveAccounts: Sendable {
    package let credentials: Credentials
    /// How DOKU spells each channel.
    package let channels: [(id: String, channel: Channel)]
    package let invoicePerInquiry: InvoicePerInquiry
    private let accounts: [String: Account]

    package struct Account: Sendable {
        /// The row in the database.
        package let id: Int64
        package let terms: AccountRules
    }

    /// - Parameter ids: the database's row of each Client-Id.
    package init(settings: Settings, ids: [String: Int64], pauses: [Pause]) {
        let paused = Set(pauses.map(\.accountID))
        var accounts: [String: Account] = [:]
        var secrets: [String: [Secret]] = [:]
        for account in settings.accounts {
            guard let id = ids[account.clientID] else {
                preconditionFailure("every account is registered before it is served")
            }
            accounts[account.clientID] = Account(
                id: id,
                terms: AccountRules(
                    bins: account.bins, isPaused: paused.contains(nil) || paused.contains(id),
                    invoicePerInquiry: settings.invoicePerInquiry))
            secrets[account.clientID] = account.secrets
        }
        self.accounts = accounts
        invoicePerInquiry = settings.invoicePerInquiry
        credentials = Credentials(secrets)
        channels = settings.channels.map { ($0.value.id, $0.key) }
    }

    /// The database's row of a configured Client-Id.
    package func accountID(of clientID: String) -> Int64? { accounts[clientID]?.id }

    /// The account of a Client-Id that has verified.
    package subscript(_ proof: Credentials.Proof) -> Account {
        guard let account = accounts[proof.clientID] else {
            preconditionFailure("credentials and accounts are made of the same settings")
        }
        return account
    }
}

/// The accounts, secrets, BINs and pauses in force. A change replaces the whole value:
///
///     let active = registry.current   // one request keeps this value to its end
///     let proof = try active.credentials.verify(headers, target: path, body: body)
///     active[proof].terms.bins        // the BINs of the account that signed
///
///     registry.replace(with: settings, ids: ids)   // a reload: for the next request
package final class AccountRegistry: Sendable {
    private struct State {
        var settings: Settings
        var ids: [String: Int64]
        var pauses: [Pause]
        var active: ActiveAccounts
    }

    private let state: Mutex<State>

    package init(settings: Settings, ids: [String: Int64], pauses: [Pause]) {
        state = Mutex(
            State(
                settings: settings, ids: ids, pauses: pauses,
                active: ActiveAccounts(settings: settings, ids: ids, pauses: pauses)))
    }

    package var current: ActiveAccounts { state.withLock { $0.active } }
    /// As they were at the start, with what reloads have changed since.
    package var settings: Settings { state.withLock { $0.settings } }
    package var accounts: [Settings.Account] { state.withLock { $0.settings.accounts } }
    package var pauses: [Pause] { state.withLock { $0.pauses } }
    package var ids: [String: Int64] { state.withLock { $0.ids } }
    /// The Client-Id of every row in the database, of accounts that are gone too.
    package var clientIDs: [Int64: String] {
        Dictionary(uniqueKeysWithValues: ids.map { ($0.value, $0.key) })
    }

    /// What a bill is shown with that only the settings know.
    package var billNames: BillNames {
        let (ids, accounts) = state.withLock { ($0.ids, $0.settings.accounts) }
        return BillNames(
            clientIDs: Dictionary(uniqueKeysWithValues: ids.map { ($0.value, $0.key) }),
            bins: Dictionary(
                accounts.compactMap { account in ids[account.clientID].map { ($0, account.bins) } },
                uniquingKeysWith: { first, _ in first }))
    }

    /// The hosts that the admin listener answers for by the settings.
    package var adminHosts: Set<HostName> {
        state.withLock { state in
            var hosts = Set(state.settings.admin.hosts)
            if case .name(let name)? = HostName(state.settings.admin.listener.host) {
                hosts.insert(.name(name))
            }
            return hosts
        }
    }

    /// Takes what a reload may change.
    package func replace(with settings: Settings, ids: [String: Int64]) {
        change { state in
            state.settings.accounts = settings.accounts
            state.settings.admin.hosts = settings.admin.hosts
            state.settings.allowStranded = settings.allowStranded
            state.ids = ids
        }
    }

    package func replace(pauses: [Pause]) {
        change { $0.pauses = pauses }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.active = ActiveAccounts(
                settings: state.settings, ids: state.ids, pauses: state.pauses)
        }
    }
}

/// What a bill is shown with that the settings know and the database does not.
package struct BillNames: Sendable {
    /// Client-Id of each account's row.
    package let clientIDs: [Int64: String]
    /// BINs of each account that is configured.
    package let bins: [Int64: BINTable]
}
