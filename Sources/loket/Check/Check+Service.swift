// The parts of `loket check` that examine the clock and request the findings of a running service.
// With an admin key (next to the database by default) the findings are sentences; without a key
// they are only names.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import LoketRuntime

extension Check {
    static func askService(_ settings: Settings) async -> [CheckEntry] {
        guard settings.admin.listener.port != 0 else {
            return [
                .fine(
                    .service,
                    "a service runs; its admin port is 0 in the settings: see `listening` in its "
                        + "log, and request /ready there")
            ]
        }
        let base: String
        do {
            base = try LocalService.url(of: settings.admin.listener, "admin", in: "the settings")
        } catch {
            return [.problem(.service, (error as? Failure)?.message ?? "\(error)")]
        }
        guard let ready = await get("/ready", of: base), ready["ready"] != nil else {
            return [
                .problem(
                    .service,
                    "a service has the database open, but \(base)/ready does not answer; see the "
                        + "service's log, then restart the service")
            ]
        }
        let key = adminKey(of: settings)
        let status = await get("/admin/v1/status", of: base, key: key)
        return CheckEntry.ofService(ready: ready, status: status)
    }

    private static func get(
        _ target: String, of base: String, key: String? = nil
    ) async -> JSONValue? {
        let headers = key.map { [Header("Authorization", "Bearer \($0)")] } ?? []
        let request = DokuRequest(method: "GET", target: target, headers: headers, body: [])
        guard let answer = try? await HTTPTransport(base: base).send(request) else { return nil }
        return try? StrictJSON(answer.body).root
    }

    /// Returns nil also if another user listens on the port: that user must not receive the key.
    private static func adminKey(of settings: Settings) -> String? {
        let path = settings.database + ".admin-key"
        guard LocalService.stranger(on: settings.admin.listener.port, beside: path) == nil else {
            return nil
        }
        let given = ProcessInfo.processInfo.environment["LOKET_ADMIN_KEY"]
        let text = given ?? (try? String(contentsOfFile: path, encoding: .utf8))
        let key = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return key.isEmpty || !key.utf8.allSatisfy(isVisibleASCII) ? nil : key
    }

    // MARK: The alert

    static func sendAlert(_ alerts: Settings.Alerts) async -> CheckEntry {
        guard !alerts.url.isEmpty else {
            return .problem(.alert, "no test was sent: set alerts.url in the settings")
        }
        do {
            try await AlertTarget(url: alerts.url).post(
                "loket: a test of the alerts, sent by `loket check --alert`")
            return .fine(.alert, "a test was sent to alerts.url and accepted")
        } catch {
            return .problem(.alert, "the test to alerts.url failed: \(error)")
        }
    }
}

extension Check {
    static func skew(_ median: Int64?, _ settings: Settings) -> CheckEntry {
        guard let median else {
            return .fine(.skew, "no inquiry yet to compare with DOKU's clock")
        }
        let seconds = Double(median) / 1000
        let text = String(format: "%.1f s ahead of DOKU's clock in the latest inquiries", seconds)
        let isFar = abs(median) > Int64(settings.limits.timestampSeconds) * 1000 / 2
        return isFar
            ? .problem(
                .skew,
                text + "; set this machine's clock, because inquiries are refused if their "
                    + "timestamp differs too much")
            : .fine(.skew, text)
    }
}
