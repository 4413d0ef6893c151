// The bounds on what connections may hold before they have verified: descriptors, bytes, and
// time unseen.

extension Limits {
    /// Bytes of a body up to which nothing is asked of its sender before it is whole.
    package static let openBodyBytesMax = 16 * 1024
    /// Bytes of larger bodies that are coming in, over all connections: 256 of the largest.
    package static let largeBodyBytesMax = 64 * 1024 * 1024
    /// Connections open at the same time, where the limit on open files allows as many: DOKU's side opens
    /// tens. Above three quarters of them silent ones are closed.
    package static let connectionsMax = 4096
    /// Milliseconds between two times that silent connections are closed while places are free.
    package static let betweenSilentMilliseconds: Int64 = 10
    /// One at a time is closed of those that the last sixteenth of the places holds.
    package static let silentShare = 12
    /// Connections that each listener takes however few files the process may have open.
    package static let connectionsMin = 8
    /// Descriptors that connections leave free: the database, backups, imports, Check Status.
    package static let filesReserved = 128
    /// Descriptors of two event loops and a look-up, per core.
    package static let filesReservedPerCore = 9
    /// Bytes of a connection that wait in its socket, which the kernel doubles: more waits with
    /// the sender.
    package static let receiveBufferBytes = 16 * 1024
    /// Bytes that are read of a connection in one turn of its loop: six inquiries.
    package static let readBytes = 4 * 1024
    /// Connections that are accepted in one turn of the listener's loop.
    package static let acceptsPerTurn: UInt = 4
    /// Milliseconds between two looks at how busy an event loop is.
    package static let lagTickMilliseconds: Int64 = 50
    /// Milliseconds by which such a look is late on a loop that is busy.
    package static let lagMilliseconds: Int64 = 5
    /// Microseconds for which an event loop handles what it has read before it reads again.
    package static let turnMicroseconds: Int64 = 1_000
    /// Microseconds after which it goes on with the rest.
    package static let betweenTurnsMicroseconds: Int64 = 20
    /// Reads that are handled in a turn while the journal is behind.
    package static let slowTurnReadsMax = 8
    /// Milliseconds for which a listener that cannot accept leaves its connections waiting.
    package static let acceptPauseMilliseconds: Int64 = 200
    /// Seconds for which a connection that has verified a request is closed after all others.
    package static let knownSeconds: Int64 = 300
}
