// What goes with an admin request from middleware to route: whose key it came with.

import Hummingbird
import LoketRuntime
import LoketStore
import NIOCore

package struct AdminContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Set by KeyMiddleware; every route under /admin/v1 has one.
    package var key: AdminKey?
    /// What the route adds to the log line.
    let note = AdminWriteNote()
    /// Its connection.
    let channel: any NIOCore.Channel
    /// Where its connection arrived.
    let localAddress: SocketAddress?

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
        localAddress = source.channel.localAddress
    }

    /// Name of the key, for histories.
    var actor: String { key?.name ?? "unknown" }

    /// The one account that the key is for; nil: every account.
    var accountID: Int64? { key?.accountID }

    /// Resources of other accounts do not exist for a key of one account.
    func maySee(_ accountID: Int64?) -> Bool {
        self.accountID == nil || self.accountID == accountID
    }

    /// The account that a list is narrowed to: the key's own, or that of `?account=`; nil: every
    /// account.
    ///
    /// - Throws: `account_forbidden` where the parameter names another account than the key's,
    ///   `invalid_parameter` where it names none.
    func account(_ clientID: String?, in registry: AccountRegistry) throws -> Int64? {
        guard let clientID else { return accountID }
        let named = registry.ids[clientID]
        guard maySee(named) else { throw forbidden("`account` is not the account of this key") }
        guard let named else {
            throw Problem(.invalidParameter, "`account` is not a configured Client-Id")
        }
        return named
    }

    /// Refuses a key of one account what concerns every account.
    func requireEveryAccount() throws {
        guard accountID == nil else {
            throw forbidden("this concerns every account, and the key is for one")
        }
    }

    func forbidden(_ detail: String) -> Problem { Problem(.accountForbidden, detail) }

    /// The route's `:id`.
    func id(_ what: String) throws -> Int64 {
        let text = parameters.get("id") ?? ""
        guard let id = Int64(id: text) else {
            throw Problem(.notFound, "there is no \(what) \(text)")
        }
        return id
    }
}

extension Int64 {
    /// An id as it is written: `+1` and `01` are not ids.
    init?(id text: String) {
        guard let number = Int64(text), number > 0, String(number) == text else { return nil }
        self = number
    }
}
