// Where a command finds the settings: the file that --config names, else loket.yaml here, else the
// one of the installed package.

import ArgumentParser
import Foundation

struct ConfigOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The settings file; by default loket.yaml here, else \(FoundSettings.ofPackage).",
            valueName: "file"))
    var config: String?

    var file: String { config ?? FoundSettings.path ?? FoundSettings.name }
}

enum FoundSettings {
    static let name = "loket.yaml"
    static let folderOfPackage = "/etc/loket"
    static let ofPackage = folderOfPackage + "/" + name

    /// Nil where there is neither.
    static var path: String? { first(of: [name, ofPackage]) }

    /// One in a folder that this user cannot enter is taken, for the reading to say so.
    static func first(of paths: [String]) -> String? {
        paths.first { path in
            var status = stat()
            return stat(path, &status) == 0 || errno == EACCES
        }
    }
}
