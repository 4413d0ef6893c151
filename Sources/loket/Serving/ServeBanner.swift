// The banner of `loket serve` on a terminal, shown once it listens: its addresses, accounts and
// findings, the next commands, and how to stop it.

import Foundation
import LoketCore
import LoketRuntime

struct ServeBanner {
    let settings: Settings
    /// The settings file's path.
    let file: String

    /// - Parameter findings: The warnings and errors logged before.
    func text(gateway: Int, admin: Int, findings: [String]) -> String {
        let rows = [
            ("gateway", "\(host(settings.gateway.listener)):\(gateway)"),
            ("", "inquiries at \(settings.gateway.inquiryPath)"),
            ("", "notifications at \(settings.gateway.notificationPath)"),
            ("admin API", "\(adminURL(admin)), documented at \(adminURL(admin))/docs"),
            ("admin key", keyLine),
            ("database", settings.database),
            ("settings", URL(fileURLWithPath: file).path),
        ]
        let accounts = settings.accounts.flatMap { account in
            account.bins.bins.enumerated().map { index, bin in
                (index == 0 ? "account" : "", "\(account.clientID), BIN \(Self.words(bin))")
            }
        }
        let lines = (rows + accounts).map { name, text in
            "  " + name.padding(toLength: 11, withPad: " ", startingAt: 0) + text
        }
        return (["loket \(loketVersion) listens", ""] + lines + found(findings) + next)
            .joined(separator: "\n")
    }

    private func found(_ findings: [String]) -> [String] {
        findings.isEmpty
            ? ["  findings   none"] : ["", "findings:"] + findings.map { "  " + $0 }
    }

    private var next: [String] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        let code = settings.accounts.first?.bins.bins.first?.sampleCode ?? ""
        return ["", "in another terminal\(isOfPackage ? "" : ", in \(folder)"):"]
            + FirstCommands.lines(code: code).map { "  " + $0 }
            + ["", "Ctrl-C stops the service. The log follows.", ""]
    }

    private var isOfPackage: Bool { file == FoundSettings.ofPackage }

    private var keyLine: String {
        let path = settings.database + ".admin-key"
        return FileManager.default.fileExists(atPath: path) ? path : "no file here; use a saved key"
    }

    private func adminURL(_ port: Int) -> String {
        let listener = Settings.Listener(host: settings.admin.listener.host, port: port)
        return (try? LocalService.url(of: listener, "admin", in: file))
            ?? "http://\(host(listener)):\(port)"
    }

    private func host(_ listener: Settings.Listener) -> String {
        listener.host.contains(":") ? "[\(listener.host)]" : listener.host
    }

    private static func words(_ bin: BIN) -> String {
        let channels = bin.channels.map(\.rawValue).sorted().joined(separator: ", ")
        return "\(bin.digits) (\(bin.type.rawValue)) on \(channels)"
    }
}

/// Commands for a first bill and a first inquiry.
enum FirstCommands {
    static func lines(code: String) -> [String] {
        [
            "loket status",
            "loket bills add --code \(code) --invoice INV-1 --amount 150000 "
                + "--name 'Anton Budiman'",
            "loket simulate inquiry --code \(code)",
        ]
    }
}

extension BIN {
    /// An example payment code: eight digits after the BIN, if the allowed code length permits.
    var sampleCode: String {
        let length = min(max(digits.utf8.count + 8, codeLength.lowerBound), codeLength.upperBound)
        let free = (1...length).map { String($0 % 10) }.joined()
        return digits + free.prefix(length - digits.utf8.count)
    }
}
