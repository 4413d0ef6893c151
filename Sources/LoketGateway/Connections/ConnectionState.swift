// Where a connection of the gateway stands between a request's first line and its reply.

import NIOHTTP1

enum ConnectionState {
    case betweenRequests
    case reading(GatheredRequest)
    /// The request is whole; nothing behind it is looked at before its reply is given.
    case answering
    /// The reply is known; the rest of the request is read and dropped before it is given.
    case skipping(Reply, keepAlive: Bool)
    /// Answered for the last time.
    case closing
}

/// A request as far as it has come.
struct GatheredRequest {
    let route: GatewayRoute
    let head: RequestHead
    var body: [UInt8] = []
    /// Its sender may send a large body.
    var isAdmitted = false
    /// Of the room for large bodies, once its own is one.
    var share: BodyBudget.Share?
}
