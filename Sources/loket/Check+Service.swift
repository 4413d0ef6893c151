// `loket check` beside a running service: asks it what it finds wrong with itself. With a key, which
// is beside the database unless somebody took it away, the answer has sentences; else names.

import DokuSimulator
import DokuWire
import Foundation
import LoketCore
import LoketServer

extension Check {
    static func askService(_ settings: Settings) async -> [CheckEntry] {
        guard settings.admin.listener.port != 0 else {
            return [
                .fine(
                    .service,
                    "runs, on an admin port that the settings do not name; ask its /ready")
            ]
        }
        let base = adminURL(settings.admin.listener)
        guard let ready = await get("/ready", of: base), ready["ready"] != nil else {
            return [
                .problem(
                    .service,
                    "has the database but \(base)/ready does not answer; see its log, restart it")
            ]
        }
        let key = adminKey(beside: settings.database)
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

    private static func adminKey(beside database: String) -> String? {
        let given = ProcessInfo.processInfo.environment["LOKET_ADMIN_KEY"]
        let text = given ?? (try? String(contentsOfFile: database + ".admin-key", encoding: .utf8))
        let key = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return key.isEmpty || !key.utf8.allSatisfy(isVisibleASCII) ? nil : key
    }

    /// One that listens on every address is asked on loopback, which it answers for.
    private static func adminURL(_ listener: Settings.Listener) -> String {
        let host =
            switch listener.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(host):\(listener.port)"
    }

    // MARK: The alert

    static func sendAlert(_ alerts: Settings.Alerts) async -> CheckEntry {
        guard !alerts.url.isEmpty else {
            return .problem(.alert, "nothing is sent: set alerts.url in the settings")
        }
        do {
            try await AlertTarget(url: alerts.url).post(
                "loket: a test of the alerts, sent by `loket check --alert`")
            return .fine(.alert, "a test was sent to alerts.url and taken")
        } catch {
            return .problem(.alert, "a test was sent to alerts.url and did not arrive: \(error)")
        }
    }
}
