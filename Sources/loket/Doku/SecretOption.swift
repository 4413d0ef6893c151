// Where a command finds the secret key: in the environment or in a file, never in an argument,
// which every user of the machine could read.

import ArgumentParser
import DokuWire
import Foundation
import LoketCore
import LoketRuntime

struct SecretOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File with DOKU's secret key; otherwise the variable LOKET_SECRET is read.",
            valueName: "file"))
    var secretFile: String?

    static let variable = "LOKET_SECRET"

    var isGiven: Bool {
        secretFile != nil
            || ProcessInfo.processInfo.environment[Self.variable]?.isEmpty == false
    }

    func secret() throws -> Secret {
        Secret(utf8: try bytes())
    }

    /// White space around it and the like are refused as `serve` refuses them; an example's key is
    /// taken.
    func bytes() throws -> [UInt8] {
        do {
            if let secretFile { return try secretInFile(secretFile) }
            let text = ProcessInfo.processInfo.environment[Self.variable] ?? ""
            guard !text.isEmpty else {
                throw Failure(.usage, "give --secret-file, or set \(Self.variable)")
            }
            try secretText(Array(text.utf8))
            return Array(text.utf8)
        } catch let fault as SecretFault {
            if case .noFile = fault { throw Failure(.usage, "\(fault)") }
            throw Failure(.usage, "\(secretFile ?? Self.variable): \(fault)")
        }
    }

    /// The option, for a command that a message names.
    var carried: String { secretFile.map { " --secret-file \(shellWord($0))" } ?? "" }
}
