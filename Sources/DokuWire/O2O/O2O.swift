// DOKU's Online to Offline, non-SNAP: the one protocol that is spoken today.

package enum O2O {
    /// Its name in the journal and in the ledger.
    package static let dialect = "o2o"
}
