// Reads `secrets` of an account. The settings contain the places of its one or two active keys,
// never the keys themselves. Each key is read, validated and converted to a Secret; no message and
// no other value here contains its text.

import DokuWire
import LoketCore
import LoketSystem
import Yams

extension Settings {
    private static let secretForm = "`{ env: NAME }` or `{ file: PATH }`"

    static func readSecrets(_ account: SettingsSection) -> [Secret] {
        readSecretTexts(account).map { Secret(utf8: $0) }
    }

    /// Returns the bytes of the keys, for a command that signs like DOKU.
    static func readSecretTexts(_ account: SettingsSection) -> [[UInt8]] {
        let items = account.requiredList("secrets", holding: "one or two secrets as \(secretForm)")
        if items.count > 2 {
            account.refuse(
                "secrets",
                "has \(items.count) secrets: give one, or two while you change the key")
        }
        var texts: [[UInt8]] = []
        for item in items {
            guard let source = secretSource(item.node, at: item.place, account.reading) else {
                continue
            }
            do throws(SecretFault) {
                let text = try secretText(source.kind, account.reading)
                if texts.contains(text) { throw .sameAsOther }
                texts.append(text)
            } catch {
                account.reading.refuse(source.place, error.description)
            }
        }
        return texts
    }

    private enum SecretSource {
        case variable(String)
        case file(String)
    }

    /// Uses no SettingsSection, whose message would show an unknown key: it may be the secret.
    private static func secretSource(
        _ node: Node, at place: SettingsPlace, _ reading: SettingsReading
    ) -> (kind: SecretSource, place: SettingsPlace)? {
        guard let mapping = node.mapping else {
            reading.refuse(
                place, "must be \(secretForm): a secret is never written in the settings file")
            return nil
        }
        guard mapping.count == 1, let (key, value) = mapping.first,
            let name = key.scalar?.string, name == "env" || name == "file"
        else {
            reading.refuse(place, "must be exactly one of \(secretForm)")
            return nil
        }
        let source = SettingsPlace(path: place.path + "." + name, line: key.mark?.line)
        guard let scalar = value.scalar, !value.isEmptyScalar,
            !SettingsScalar(scalar, at: source).isOtherThanText
        else {
            reading.refuse(source, "must be text, not \(value.kind)")
            return nil
        }
        if name == "env" {
            guard isVariableName(scalar.string) else {
                reading.refuse(source, "must be the name of an environment variable")
                return nil
            }
            return (.variable(scalar.string), source)
        }
        if let fault = FieldRules.file(scalar.string) {
            reading.refuse(source, fault)
            return nil
        }
        return (.file(scalar.string), source)
    }

    private static func isVariableName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first.map(isASCIIDigit) == false
            && text.utf8.allSatisfy { byte in
                isASCIIDigit(byte) || byte == UInt8(ascii: "_")
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
    }

    private static func secretText(
        _ source: SecretSource, _ reading: SettingsReading
    ) throws(SecretFault) -> [UInt8] {
        switch source {
        case .variable(let name):
            guard let text = reading.secretVariable(name) else {
                throw .noVariable(shownReference(name))
            }
            return try judgedSecret(Array(text.utf8))
        case .file(let path):
            let whole = BoundedFile.absolute(path, in: reading.folder)
            let name = shownReference(path) == path ? whole : shownReference(path)
            let bytes = try secretFile(whole, shownAs: name)
            reading.readsSecret(from: whole)
            return try judgedSecret(bytes)
        }
    }

    /// Returns the name of a variable or a file, or "named here" if it looks like a secret.
    private static func shownReference(_ text: String) -> String {
        let isLong = text.utf8.count >= Limits.secretBytesMin
        let hasNameSigns = text.utf8.contains(where: "/._".utf8.contains)
        let hasBase64Signs = text.utf8.contains(where: "+=".utf8.contains)
        let isSecretLike = text.contains("SK-") || hasBase64Signs || (isLong && !hasNameSigns)
        return isSecretLike ? "named here" : text
    }
}

/// The maximum bytes of a secret file; a DOKU secret key has about 25.
private let secretFileBytesMax = 4096

/// Returns the secret key in a file that a command names. The file may be a pipe, such as
/// `<(command)` of a shell.
package func secretInFile(_ path: String) throws(SecretFault) -> [UInt8] {
    let bytes = try secretFile(path, shownAs: path, takesPipe: true)
    try secretText(bytes)
    return bytes
}

private func secretFile(
    _ path: String, shownAs name: String, takesPipe: Bool = false
) throws(SecretFault) -> [UInt8] {
    do throws(BoundedFile.Fault) {
        return try BoundedFile.read(path, bytesMax: secretFileBytesMax, takesPipe: takesPipe)
            .withoutOneNewline
    } catch {
        throw .noFile(name, error)
    }
}

extension [UInt8] {
    /// The bytes without one newline, `\n` or `\r\n`, at the end, as an editor or `echo` leaves it.
    fileprivate var withoutOneNewline: [UInt8] {
        guard last == 0x0A else { return self }
        let line = dropLast()
        return Array(line.last == 0x0D ? line.dropLast() : line)
    }
}

/// The reason why a text is not accepted as a secret key. With such a key a service would refuse
/// every request, or anyone could sign requests, so it does not start. The messages never contain
/// the secret.
package enum SecretFault: Error, Equatable, CustomStringConvertible {
    case noVariable(String)
    case noFile(String, BoundedFile.Fault)
    case empty
    case notText
    case wrapped
    case placeholder
    case short
    case sameAsOther

    package var description: String {
        switch self {
        case .noVariable(let name):
            "the environment variable \(name) is not set"
        case .noFile(let name, .missing):
            "the file \(name) does not exist: write the secret key into it"
        case .noFile(let name, .folder):
            "the path \(name) is a folder: give the file with the secret key"
        case .noFile(let name, .special):
            "the path \(name) is a pipe or a device: give a regular file with the secret key"
        case .noFile(let name, .unreadable(let reason)):
            "the file \(name) cannot be read: \(reason)"
        case .noFile(let name, .tooLarge):
            "the file \(name) is too large to be a secret key"
        case .empty:
            "the secret is empty: give the secret key from DOKU's Back Office"
        case .notText:
            "the secret must be one line of UTF-8 text"
        case .wrapped:
            "the secret begins or ends with white space, or contains an invisible character: "
                + "remove these characters (one newline at the end of a file is allowed)"
        case .placeholder:
            "the secret is a placeholder: replace it with the key from DOKU's Back Office"
        case .short:
            "the secret has fewer than \(Limits.secretBytesMin) bytes: copy the whole key"
        case .sameAsOther:
            "the secret is the same as the first: give a second one only to change the key"
        }
    }
}

/// Returns the same bytes, if a service may use them as a secret key.
func judgedSecret(_ bytes: [UInt8]) throws(SecretFault) -> [UInt8] {
    let text = try secretText(bytes)
    guard !isPlaceholder(text) else { throw .placeholder }
    guard bytes.count >= Limits.secretBytesMin else { throw .short }
    return bytes
}

/// Returns the text, if it has the form of a secret key, even of an example.
@discardableResult
package func secretText(_ bytes: [UInt8]) throws(SecretFault) -> String {
    guard !bytes.isEmpty else { throw .empty }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    let scalars = text.unicodeScalars
    for end in [scalars.first, scalars.last] {
        if let end, end.properties.isWhitespace { throw .wrapped }
    }
    guard !scalars.contains(where: isInvisible) else { throw .wrapped }
    guard !scalars.contains(where: isLineEndOrControl) else { throw .notText }
    return text
}

/// Whether a character is invisible, such as a byte order mark, a soft hyphen or a word joiner.
/// Text copied from a page may contain such characters.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint
}

private func isLineEndOrControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
}

/// Placeholder words. Each has at least six characters, so that a random key contains none.
private let placeholderWords = [
    "changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith",
    "placeholder", "example", "yoursecret", "yourdoku", "yourkey", "secrethere", "keyhere",
    "putyour", "insertyour", "pasteyour", "gantiini", "gantidengan", "isidengan", "isidisini",
    "xxxxxx", "******", "......", "______", "------",
]

/// Whether a secret key or an admin key is a placeholder of an example.
func isPlaceholder(_ text: String) -> Bool {
    // An unfilled template: <secret>, ${DOKU_SECRET_KEY}, {{ secret }}.
    let templates = [("<", ">"), ("${", "}"), ("{{", "}}")]
    if templates.contains(where: { text.hasPrefix($0.0) && text.hasSuffix($0.1) }) { return true }
    let lower = text.lowercased()
    let letters = lower.filter { !"-_. ".contains($0) }
    return placeholderWords.contains { lower.contains($0) || letters.contains($0) }
}
