// Reading the settings file itself: one that is missing, is a folder or is not text is refused in
// a single line that says what to do. What stands in it is SettingsReader's business.

import Foundation
import LoketCore
import LoketSystem

extension Settings {
    /// Bytes of a settings file: an account takes some 500, so thousands of them fit.
    private static let fileBytesMax = 1024 * 1024

    /// The settings of a file, or every problem with it.
    ///
    /// Relative paths in it (database, secret files) start from the file's own folder, whatever
    /// the working directory; so does LOKET_DATABASE.
    /// - Parameters:
    ///   - file: path of the YAML file, as the user wrote it.
    ///   - environment: the process's variables: overrides, and the secrets that the file names.
    package static func read(
        file: String, environment: [String: String]
    ) throws(SettingsRefused) -> Settings {
        try read(yaml: text(of: file), file: file, environment: environment)
    }

    /// - Parameter refusing: why a file of this owner and mode is not read; nil where it is.
    static func text(
        of file: String, refusing: (stat) -> String? = { _ in nil }
    ) throws(SettingsRefused) -> String {
        do throws(BoundedFile.Fault) {
            let bytes = try BoundedFile.read(file, bytesMax: fileBytesMax, refusing: refusing)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadable(reason: "it is not UTF-8 text: save it as UTF-8")
            }
            return text
        } catch {
            let problem = SettingsProblem(line: nil, path: "", message: message(for: error))
            throw SettingsRefused(file: file, problems: [problem])
        }
    }

    private static func message(for fault: BoundedFile.Fault) -> String {
        switch fault {
        case .missing:
            "there is no such file: `loket init` writes one, or name another with --config"
        case .folder:
            "is a folder: name the file in it, such as loket.yaml"
        case .special:
            "is a pipe or a device: SIGHUP reads the settings again, so they must be in a file"
        case .unreadable(let reason):
            "cannot be read: \(reason)"
        case .tooLarge:
            "is larger than \(fileBytesMax) bytes: this is not a settings file"
        }
    }
}
