// The accounts whose requests the service answers, with their secrets, BINs and pauses, as one
// immutable value. A reload replaces the whole value; a request uses the same value to its end.

import DokuWire
import LoketCore
import LoketStore
import Synchronization

/// An immutable snapshot of the accounts, secrets, BINs and pauses.
package final class ActiveAccounts: Sendable {
    package let credentials: Credentials
    /// Each channel with its `channel.id` in DOKU's requests.
    package let channels: [(id: String, channel: Channel)]
    package let invoicePerInquiry: InvoicePerInquiry
    private let accounts: [String: Account]

    package struct Account: Sendable {
        /// The row id in the database.
        package let id: Int64
        package let terms: AccountRules
    }

    /// - Parameter ids: the row id of each Client-Id in the database.
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

    /// Returns the row id of a Client-Id; nil if it is not configured.
    package func accountID(of clientID: String) -> Int64? { accounts[clientID]?.id }

    /// The account whose signature was verified.
    package subscript(_ proof: Credentials.Proof) -> Account {
        guard let account = accounts[proof.clientID] else {
            preconditionFailure("credentials and accounts are made of the same settings")
        }
        return account
    }
}

/// The active accounts, secrets, BINs and pauses. A change replaces the whole snapshot:
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
    /// The settings of the start, with the changes of later reloads.
    package var settings: Settings { state.withLock { $0.settings } }
    package var accounts: [Settings.Account] { state.withLock { $0.settings.accounts } }
    package var pauses: [Pause] { state.withLock { $0.pauses } }
    package var ids: [String: Int64] { state.withLock { $0.ids } }
    /// The Client-Id of every row in the database, removed accounts included.
    package var clientIDs: [Int64: String] {
        Dictionary(uniqueKeysWithValues: ids.map { ($0.value, $0.key) })
    }

    /// The Client-Ids and BINs for displaying bills.
    package var billNames: BillNames {
        let (ids, accounts) = state.withLock { ($0.ids, $0.settings.accounts) }
        return BillNames(
            clientIDs: Dictionary(uniqueKeysWithValues: ids.map { ($0.value, $0.key) }),
            bins: Dictionary(
                accounts.compactMap { account in ids[account.clientID].map { ($0, account.bins) } },
                uniquingKeysWith: { first, _ in first }))
    }

    /// The host names for which the admin listener answers, according to the settings.
    package var adminHosts: Set<HostName> {
        state.withLock { state in
            var hosts = Set(state.settings.admin.hosts)
            if case .name(let name)? = HostName(state.settings.admin.listener.host) {
                hosts.insert(.name(name))
            }
            return hosts
        }
    }

    /// Applies the settings that a reload may change.
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

/// Data for displaying bills that is in the settings and not in a bill's row.
package struct BillNames: Sendable {
    /// The Client-Id of each account, by its row id.
    package let clientIDs: [Int64: String]
    /// The BINs of each configured account, by its row id.
    package let bins: [Int64: BINTable]
}
