// Limits on the files, the memory and the silent time of connections that have not yet verified a
// request.

extension Limits {
    /// The body size, in bytes, up to which a body is received whole before its sender is checked.
    package static let openBodyBytesMax = 16 * 1024
    /// The byte limit of all larger bodies being received together: 256 of the largest.
    package static let largeBodyBytesMax = 64 * 1024 * 1024
    /// The maximum number of open connections, if the limit on open files permits it: DOKU's side
    /// opens tens. Above three quarters of the number, silent connections are closed.
    package static let connectionsMax = 4096
    /// The interval, in milliseconds, of closing silent connections while places are free.
    package static let betweenSilentMilliseconds: Int64 = 10
    /// Of the connections in the last sixteenth of the places, 1 in 12 is closed at a time.
    package static let silentShare = 12
    /// The connections that each listener accepts, however low the limit on open files is.
    package static let connectionsMin = 8
    /// The file descriptors reserved for the database, backups, imports and Check Status.
    package static let filesReserved = 128
    /// The file descriptors of two event loops and a look-up, per core.
    package static let filesReservedPerCore = 9
    /// The receive buffer of a connection's socket, in bytes, which the kernel doubles; further
    /// data waits at the sender.
    package static let receiveBufferBytes = 16 * 1024
    /// The bytes read from a connection in one iteration of its event loop: six inquiries.
    package static let readBytes = 4 * 1024
    /// The maximum number of connections accepted in one iteration of the listener's event loop.
    package static let acceptsPerTurn: UInt = 4
    /// The interval, in milliseconds, of measuring how late an event loop runs.
    package static let lagTickMilliseconds: Int64 = 50
    /// The lateness, in milliseconds, from which an event loop counts as busy.
    package static let lagMilliseconds: Int64 = 5
    /// The microseconds for which an event loop handles received requests before it reads again.
    package static let turnMicroseconds: Int64 = 1_000
    /// The microseconds of pause before the event loop handles the remaining requests.
    package static let betweenTurnsMicroseconds: Int64 = 20
    /// The number of reads handled between two pauses while the journal cannot keep up.
    package static let slowTurnReadsMax = 8
    /// The milliseconds for which a listener pauses after it could not accept a connection.
    package static let acceptPauseMilliseconds: Int64 = 200
    /// The seconds for which a connection that verified a request is closed only after all others.
    package static let knownSeconds: Int64 = 300
}
