// How many requests were refused before anything was read of them, by cause, and how many verified:
// the counts of the last ten minutes from which it is seen that everybody is refused.

/// Why a request that DOKU may have sent was refused.
package enum RefusalCause: String, CaseIterable, Hashable, Sendable {
    /// No configured secret gives its signature.
    case signature
    /// It was sent to a path that is not one of the gateway's.
    case path
    /// The signature is right, and the time too far from this clock.
    case clock
    /// Its Client-Id is that of no configured account.
    case unknownClient = "unknown_client"
    /// One of DOKU's headers is missing, twice or malformed.
    case headers
}

/// Who asked, and what for, as far as the address and the Client-Id say.
package struct RequestRoute: Hashable, Sendable {
    package enum Kind: Int, Hashable, Sendable {
        case inquiry
        case notification
        /// A path that is none of the gateway's.
        case unknownPath
    }

    /// Nil: it names a Client-Id of no configured account, or none.
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
        /// When the first of them came.
        package var since: Moment
        /// The Request-Id of the newest that is kept for `why`.
        package var example: String?

        package init(count: Int = 0, since: Moment, example: String? = nil) {
            self.count = count
            self.since = since
            self.example = example
        }
    }

    /// A cause that has refused nothing is not in it.
    package var refused: [RefusalCause: Count]
    package var verified: Int

    package init(refused: [RefusalCause: Count] = [:], verified: Int = 0) {
        self.refused = refused
        self.verified = verified
    }

    /// Refused, of every cause.
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

    /// Adds what came later.
    package mutating func add(_ later: RefusalCounts) {
        verified += later.verified
        for (cause, count) in later.refused { add(count, cause) }
    }
}

/// The same, of each route alone: one that refuses everybody is seen beside others that do not.
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

    /// With what was refused before on routes where everybody was and nothing has verified since:
    /// that few come is no sign that it is well again. A path that is none of the gateway's never
    /// verifies, so there it is enough that no request comes to it and others verify.
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
