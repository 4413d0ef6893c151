// Counts of the last ten minutes: the requests that verified, and by cause the requests refused
// before they were read. The counts show whether all requests are refused.

/// The reason why a request that may be DOKU's was refused.
package enum RefusalCause: String, CaseIterable, Hashable, Sendable {
    /// The signature does not match any configured secret.
    case signature
    /// The request's path is not a path of the gateway.
    case path
    /// The signature is right, but the timestamp is too far from this machine's clock.
    case clock
    /// The Client-Id does not belong to a configured account.
    case unknownClient = "unknown_client"
    /// One of DOKU's headers is missing, repeated or malformed.
    case headers
}

/// The sender and the purpose of a request, according to its path and Client-Id.
package struct RequestRoute: Hashable, Sendable {
    package enum Kind: Int, Hashable, Sendable {
        case inquiry
        case notification
        /// The path is not a path of the gateway.
        case unknownPath
    }

    /// The account's id; nil if the Client-Id is missing or not configured.
    package let account: Int64?
    package let kind: Kind

    package init(account: Int64?, kind: Kind) {
        self.account = account
        self.kind = kind
    }
}

package struct RefusalCounts: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var count = 0
        /// The arrival time of the first request counted.
        package var since: Moment
        /// The Request-Id of the newest request recorded for the command `why`.
        package var example: String?

        package init(count: Int = 0, since: Moment, example: String? = nil) {
            self.count = count
            self.since = since
            self.example = example
        }
    }

    /// The counts by cause; causes without a refused request are absent.
    package var refused: [RefusalCause: Count]
    package var verified: Int

    package init(refused: [RefusalCause: Count] = [:], verified: Int = 0) {
        self.refused = refused
        self.verified = verified
    }

    /// The number of refused requests of all causes.
    package var total: Int { refused.values.reduce(0) { $0 + $1.count } }

    package mutating func refuse(_ cause: RefusalCause, requestID: String?, at moment: Moment) {
        add(Count(count: 1, since: moment, example: requestID), cause)
    }

    private mutating func add(_ count: Count, _ cause: RefusalCause) {
        var all = refused[cause] ?? Count(since: count.since)
        all.count += count.count
        all.since = min(all.since, count.since)
        all.example = count.example ?? all.example
        refused[cause] = all
    }

    /// Adds counts of a later period.
    package mutating func add(_ later: RefusalCounts) {
        verified += later.verified
        for (cause, count) in later.refused { add(count, cause) }
    }
}

/// The refusal counts of each route, which show a route that refuses all while others verify.
package struct RouteCounts: Hashable, Sendable {
    package var routes: [RequestRoute: RefusalCounts]

    package init(_ routes: [RequestRoute: RefusalCounts] = [:]) {
        self.routes = routes
    }

    package func sum(where isIn: (RequestRoute) -> Bool = { _ in true }) -> RefusalCounts {
        routes.reduce(into: RefusalCounts()) { sum, route in
            if isIn(route.key) { sum.add(route.value) }
        }
    }

    package mutating func add(_ later: RouteCounts) {
        for (route, counts) in later.routes { routes[route, default: RefusalCounts()].add(counts) }
    }

    /// Returns these counts, with the earlier counts of each route that had only refusals and has
    /// verified nothing since: too few new requests do not prove that the route works again. An
    /// unknown path never verifies; its earlier counts are dropped once requests to it have ceased
    /// and the account's other routes verify.
    package func lasting(_ before: RouteCounts) -> RouteCounts {
        var all = self
        for (route, counts) in before.routes
        where route.account != nil && counts.verified == 0 && counts.total > 0 {
            let recent = routes[route] ?? RefusalCounts()
            guard recent.verified == 0, recent.total < Limits.refusedMin else { continue }
            let isQuiet = route.kind == .unknownPath && recent.total == 0
            let verified = [self, before].map { $0.sum { $0.account == route.account }.verified }
            if isQuiet, verified != [0, 0] { continue }
            all.routes[route] = counts
        }
        return all
    }
}
