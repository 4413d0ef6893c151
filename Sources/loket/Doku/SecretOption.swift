// The option for the secret key, which is read from the environment or a file. An argument would be
// visible to every user of the machine.

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

    /// Returns the secret's bytes. Refuses what `serve` refuses, such as surrounding white space,
    /// but accepts an example's key.
    func bytes() throws -> [UInt8] {
        do {
            if let secretFile { return try secretInFile(secretFile) }
            let text = ProcessInfo.processInfo.environment[Self.variable] ?? ""
            guard !text.isEmpty else {
                throw Failure(
                    .usage, "give DOKU's secret key with --secret-file, or set \(Self.variable)")
            }
            try secretText(Array(text.utf8))
            return Array(text.utf8)
        } catch let fault as SecretFault {
            if case .noFile = fault { throw Failure(.usage, "\(fault)") }
            throw Failure(.usage, "\(secretFile ?? Self.variable): \(fault)")
        }
    }

    /// The option as text, for a command in a message.
    var carried: String { secretFile.map { " --secret-file \(shellWord($0))" } ?? "" }
}
