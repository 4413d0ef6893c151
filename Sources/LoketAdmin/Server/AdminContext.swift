// The context of an admin request, passed from middleware to route, with the request's key.

import Hummingbird
import LoketRuntime
import LoketStore
import NIOCore

package struct AdminContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's key. KeyMiddleware sets it for every route under /admin/v1.
    package var key: AdminKey?
    /// The id of the key of the page's session, which stands for a bearer key. Only LocalAPI sets
    /// it, after the session was found.
    var sessionKeyID: Int64?
    /// The listener's connections. KeyMiddleware sets them together with the key.
    var connections: AdminConnections?
    /// Whether the request is a HEAD, which the routes get as a GET.
    var isHead = false
    /// Fields that the route adds to the log line.
    private(set) var note = AdminWriteNote()
    /// The request's connection.
    let channel: any NIOCore.Channel
    /// The local address of the connection.
    let localAddress: SocketAddress?

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
        localAddress = source.channel.localAddress
    }

    /// The context of a request that the counter page makes in this process.
    func local(keyID: Int64) -> AdminContext {
        var copy = self
        copy.coreContext.endpointPath = EndpointPath()
        copy.sessionKeyID = keyID
        copy.note = AdminWriteNote()
        return copy
    }

    /// The name of the key, for histories.
    var actor: String { key?.name ?? "unknown" }

    /// The only account that the key may use; nil for every account.
    var accountID: Int64? { key?.accountID }

    /// Whether the key may see an account. Resources of other accounts are reported as missing.
    func maySee(_ accountID: Int64?) -> Bool {
        self.accountID == nil || self.accountID == accountID
    }

    /// The account that a list is limited to: the key's account or that of `?account=`; nil for
    /// every account.
    ///
    /// - Throws: `account_forbidden` if the parameter names an account other than the key's,
    ///   `invalid_parameter` if the name is not a configured account.
    func account(_ clientID: String?, in registry: AccountRegistry) throws -> Int64? {
        guard let clientID else { return accountID }
        let named = registry.ids[clientID]
        guard maySee(named) else { throw forbidden("`account` is not the account of this key") }
        guard let named else {
            throw Problem(.invalidParameter, "`account` is not a configured Client-Id")
        }
        return named
    }

    /// Refuses a key of one account, for operations on every account.
    func requireEveryAccount() throws {
        guard accountID == nil else {
            throw forbidden("this request concerns every account, but the key is for one account")
        }
    }

    func forbidden(_ detail: String) -> Problem { Problem(.accountForbidden, detail) }

    /// Returns the route's `:id`.
    func id(_ what: String) throws -> Int64 {
        let text = parameters.get("id") ?? ""
        guard let id = Int64(id: text) else {
            throw Problem(.notFound, "there is no \(what) \(text)")
        }
        return id
    }
}

extension Int64 {
    /// Parses an id in its exact form: `+1` and `01` are not ids.
    init?(id text: String) {
        guard let number = Int64(text), number > 0, String(number) == text else { return nil }
        self = number
    }
}
