// Requests to a wrong path: an unknown path, or an inquiry to the notification path or vice versa.

import DokuWire
import LoketCore

extension RefusalMonitor {
    package static let unknownPath = "unknown_path"

    /// Records a request to an unknown path, if it has DOKU's headers.
    package func cameForUnknownPath(
        _ target: String, headers: some Sequence<(name: String, value: String)>,
        source: () -> String?, now: Moment
    ) {
        guard (try? SignedHeaders(headers)) != nil else { return }
        cameForWrongPath("request", target, RefusedLines(headers), source: source, now: now)
    }

    /// Records a verified inquiry that arrived at the notification path.
    package func inquiryCameToNotifications(
        headers: some Sequence<(name: String, value: String)>, source: () -> String?, now: Moment
    ) {
        cameForWrongPath(
            "inquiry", gateway.notificationPath, RefusedLines(headers), source: source, now: now)
    }

    /// Logs a recorded notification that arrived at the inquiry path.
    package func notificationCameToInquiries(requestID: String, source: () -> String?, now: Moment)
    {
        log.write(
            """
            a notification was sent to the inquiry path \(gateway.inquiryPath) and was recorded; \
            register \(gateway.notificationPath) for notifications at DOKU
            """, cause: "notification_for_inquiries", requestID: requestID, source: source,
            now: now)
    }

    private func cameForWrongPath(
        _ what: String, _ target: String, _ lines: RefusedLines, source: () -> String?, now: Moment
    ) {
        let accountID = lines.clientID.flatMap { registry.current.accountID(of: $0) }
        let target = String(decoding: target.utf8.prefix(Limits.refusedTargetMax), as: UTF8.self)
        let isKept = keep(
            lines, accountID, .other, Self.unknownPath, target: target, body: [],
            source: source, now)
        window.refused(
            .path, on: RequestRoute(account: accountID, kind: .unknownPath),
            requestID: isKept ? lines.plainRequestID : nil, at: now)
        sum(Self.unknownPath, accountID, now)
        log.write(
            """
            a signed \(what) was sent to \(target); send inquiries to \(gateway.inquiryPath) and \
            notifications to \(gateway.notificationPath)
            """ + lines.whyText, cause: Self.unknownPath, requestID: lines.plainRequestID,
            source: source, now: now)
    }
}
