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

package struct RefusalCounts: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var count = 0
        /// Those of them that name a Client-Id of a configured account.
        package var known = 0
        /// When the first of them came.
        package var since: Moment
        /// The Request-Id of the newest that had one.
        package var example: String?

        package init(count: Int = 0, known: Int = 0, since: Moment, example: String? = nil) {
            self.count = count
            self.known = known
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

    /// Of every cause.
    package var total: Int { refused.values.reduce(0) { $0 + $1.count } }
}
