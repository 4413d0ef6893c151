// The request that a scene sends: signed first, tampered with afterwards.

import LoketCore

extension Script.Scene {
    /// Seconds by which a stale request is late.
    private static let staleSeconds: Int64 = 7_200

    /// Whether the service can know who asked, and so keeps it in its journal.
    package var isVerified: Bool {
        if case .forged = tampering { return false }
        return true
    }

    package func request(by doku: Doku, now: Moment) -> DokuRequest {
        var sentAt = now
        if case .stale = tampering {
            sentAt = now.adding(milliseconds: -Self.staleSeconds * 1000)
        }
        var request = doku.request(
            body: Doku.inquiryBody(
                code: code, counter: counter, date: sentAt.utcText, layout: layout),
            requestID: Doku.newRequestID(), timestamp: sentAt.utcText)
        if case .forged = tampering, let last = code.utf8.last,
            let place = request.body.lastIndex(of: last)
        {
            request.body[place] ^= 1
        }
        return request
    }
}
