// Inserts many rows with SQL. Their checksums are wrong, so no test reads a bill's content.

enum Flood {
    /// Bills with consecutive codes; each invoice number equals the code.
    static func bills(_ count: Int, account: Int64, codesFrom first: Int, state: String = "open")
        -> String
    {
        """
        WITH RECURSIVE place (code) AS (
            SELECT \(first) UNION ALL SELECT code + 1 FROM place
            WHERE code < \(first + count - 1)
        )
        INSERT INTO bill (
            account_id, payment_code, invoice_number, amount, reusable, state, customer_name,
            created_at, changed_at, checksum
        )
        SELECT \(account), code, '\(state)-' || code, 1, 0, '\(state)', 'A', 0, 0, 0 FROM place
        """
    }

    /// Journal rows received in consecutive milliseconds.
    static func inquiries(_ count: Int, account: Int64, receivedFrom first: Int64) -> String {
        """
        WITH RECURSIVE place (at) AS (
            SELECT \(first) UNION ALL SELECT at + 1 FROM place WHERE at < \(first) + \(count - 1)
        )
        INSERT INTO inquiry (
            received_at, dialect, account_id, request_id, guard, duration_us, skew_ms
        )
        SELECT at, 'o2o', \(account), 'at ' || at, 'payable', 0, 0 FROM place
        """
    }
}
