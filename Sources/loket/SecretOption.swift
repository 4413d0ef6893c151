// Where a command finds the secret key: in the environment or in a file, never in an argument,
// which every user of the machine could read.

import ArgumentParser
import DokuWire
import Foundation

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

    func bytes() throws -> [UInt8] {
        Array(try text().utf8)
    }

    private func text() throws -> String {
        if let path = secretFile {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Failure(.usage, "cannot read \(path)")
            }
            var text = String(decoding: data, as: UTF8.self)
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
            guard !text.isEmpty else { throw Failure(.usage, "\(path) is empty, and no secret") }
            return text
        }
        guard let text = ProcessInfo.processInfo.environment[Self.variable], !text.isEmpty else {
            throw Failure(.usage, "give --secret-file, or set \(Self.variable)")
        }
        return text
    }
}
