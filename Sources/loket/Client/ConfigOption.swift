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

    /// Nil where there is neither. One of the package that this user cannot reach is taken, for the
    /// reading to say so; a command that runs as another user often starts in a folder that it
    /// cannot enter.
    static var path: String? {
        var status = stat()
        if stat(name, &status) == 0 { return name }
        return stat(ofPackage, &status) == 0 || errno == EACCES ? ofPackage : nil
    }
}
