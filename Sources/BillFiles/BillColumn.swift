// The columns of a bill file and their accepted names, in English and in Indonesian. Case, spaces,
// underscores, hyphens and dots of a name are ignored.

import LoketCore

package enum BillColumn: String, CaseIterable, Sendable {
    case paymentCode = "payment_code"
    case invoiceNumber = "invoice_number"
    case amount
    case amounts
    case reusable
    case validFrom = "valid_from"
    case expiresAt = "expires_at"
    case dueAt = "due_at"
    case customerName = "customer_name"
    case customerEmail = "customer_email"
    case info

    package var name: String { rawValue }

    package static let required: [BillColumn] = [
        .paymentCode, .invoiceNumber, .amount, .customerName,
    ]

    /// The column as an optional field; empty for a required column.
    var optional: GivenFields {
        switch self {
        case .reusable: .reusable
        case .validFrom: .validFrom
        case .expiresAt: .expiresAt
        case .dueAt: .dueAt
        case .customerEmail: .customerEmail
        case .info: .info
        case .paymentCode, .invoiceNumber, .amount, .amounts, .customerName: []
        }
    }

    /// Returns the column with this name; nil if there is none.
    package init?(named name: String) {
        guard let column = Self.byName[Self.plain(name)] else { return nil }
        self = column
    }

    /// Returns the column name closest to a misspelt name; nil if none is close.
    package static func nearest(to name: String) -> String? {
        let meant = plain(name)
        let nearest = byName.keys.map { known in
            (
                editDistance(Array(meant.utf8.prefix(64)), Array(known.utf8)), known
            )
        }
        .min { ($0.0, $0.1) < ($1.0, $1.1) }
        guard let (distance, known) = nearest, distance <= max(1, meant.utf8.count / 4),
            distance < known.utf8.count
        else { return nil }
        return byName[known]?.name
    }

    private static let byName: [String: BillColumn] = {
        var names: [String: BillColumn] = [:]
        for column in allCases {
            for name in [column.rawValue] + column.otherNames { names[plain(name)] = column }
        }
        return names
    }()

    private var otherNames: [String] {
        switch self {
        case .paymentCode:
            [
                "code", "pay code", "payment no", "payment number", "kode pembayaran",
                "kode bayar", "nomor pembayaran", "no pembayaran", "nomor bayar", "no bayar",
            ]
        case .invoiceNumber:
            [
                "invoice", "invoice no", "invoice id", "no invoice", "nomor invoice",
                "nomor tagihan", "no tagihan", "nomor faktur", "no faktur", "faktur",
            ]
        case .amount:
            [
                "total", "total amount", "price", "amount idr", "amount rp", "jumlah",
                "jumlah rp", "jumlah tagihan", "nominal", "nominal rp", "nominal tagihan",
                "tagihan", "tagihan rp", "total rp", "total tagihan", "nilai", "nilai tagihan",
                "harga",
            ]
        case .amounts: ["dated amounts", "jumlah bertahap", "tagihan bertahap"]
        case .validFrom: ["valid since", "starts at", "berlaku mulai", "berlaku dari"]
        case .dueAt: []
        case .reusable:
            [
                "is reusable", "multi use", "dapat dipakai ulang", "bisa dipakai ulang",
                "dipakai ulang", "pakai ulang", "berulang",
            ]
        case .expiresAt:
            [
                "expires", "expiry", "expiry date", "expired at", "expired date", "expiration",
                "expiration date", "due", "due date", "valid until", "jatuh tempo",
                "tanggal jatuh tempo", "tgl jatuh tempo", "kedaluwarsa", "kadaluarsa",
                "kadaluwarsa", "tanggal kedaluwarsa", "berlaku sampai", "berlaku hingga",
                "batas waktu", "batas pembayaran",
            ]
        case .customerName:
            [
                "name", "customer", "nama", "nama pelanggan", "pelanggan", "nama customer",
                "nama konsumen", "nama pembeli",
            ]
        case .customerEmail:
            [
                "email", "mail", "email address", "customer mail", "surel", "surel pelanggan",
                "email pelanggan", "alamat email",
            ]
        case .info:
            [
                "information", "note", "notes", "description", "remark", "remarks", "keterangan",
                "keterangan info", "catatan", "informasi", "deskripsi",
            ]
        }
    }

    /// Returns the lower-case ASCII letters and digits, and all non-ASCII bytes, which never match.
    static func plain(_ name: String) -> String {
        let bytes = name.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                0x80...:
                byte
            default: nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
