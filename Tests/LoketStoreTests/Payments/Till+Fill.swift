// Many payments, written directly into the database. Their rows have no checksum, so they are good
// for plans only.

@testable import LoketStore

extension Till {
    /// Creates settled payments, by default a thousand, each with its delivery.
    func fill(from first: Int = 1, to last: Int = 1000) throws {
        try RawDatabase.execute(
            path,
            """
            WITH RECURSIVE place (n) AS (
                SELECT \(first) UNION ALL SELECT n + 1 FROM place WHERE n < \(last)
            )
            INSERT INTO delivery SELECT n, 1, 'o2o', n, 'notification', '/', 'r' || n, 't', x'',
                zeroblob(32), zeroblob(32), 1 FROM place;
            INSERT INTO payment (account_id, delivery_id, bill_id, invoice_number, identifiers,
                source, received_at, classified_as, standing, flags, bill_horizon, change_horizon,
                terms_horizon, code_is_ours, needs_attention, checksum)
            SELECT 1, id, NULL, 'N-' || id, '[]', source, id, 'settled', 'settled', '', 0, 0, 0, 1, 0, 0
            FROM delivery WHERE id >= \(first);
            INSERT INTO notification (delivery_id, payment_id, identifiers, is_our_service)
            SELECT id, id, '[]', 1 FROM delivery WHERE id >= \(first)
            """)
    }
}
