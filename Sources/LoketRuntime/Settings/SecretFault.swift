// What a secret key must not be. All of these start a service that refuses every request, or one
// that anybody can sign for, so they are found at start. The texts say what to do and never what
// the secret was.

import LoketCore
import LoketSystem

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
            "the file \(name) does not exist: write the secret key there"
        case .noFile(let name, .folder):
            "\(name) is a folder: name the file that holds the secret key"
        case .noFile(let name, .special):
            "\(name) is a pipe or a device: name a regular file that holds the secret key"
        case .noFile(let name, .unreadable(let reason)):
            "the file \(name) cannot be read: \(reason)"
        case .noFile(let name, .tooLarge):
            "the file \(name) is too large to be a secret key"
        case .empty:
            "the secret is empty"
        case .notText:
            "the secret must be one line of UTF-8 text"
        case .wrapped:
            "the secret has white space around it, or in it a character that cannot be seen: "
                + "remove it (of a file, one newline at the end is dropped)"
        case .placeholder:
            "the secret is a placeholder: put the secret key from DOKU's Back Office there"
        case .short:
            "the secret has fewer than \(Limits.secretBytesMin) bytes: copy the whole key"
        case .sameAsOther:
            "the secret is the other one again: two are for changing from one to the next"
        }
    }
}

/// The same bytes, if they can be a secret key that a service is to have.
func judgedSecret(_ bytes: [UInt8]) throws(SecretFault) -> [UInt8] {
    let text = try secretText(bytes)
    guard !isPlaceholder(text) else { throw .placeholder }
    guard bytes.count >= Limits.secretBytesMin else { throw .short }
    return bytes
}

/// The text, if it can be a secret key at all, an example's too.
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

/// A byte order mark, a soft hyphen, a word joiner: what comes along when a text is copied out of a
/// page or a document.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint
}

private func isLineEndOrControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
}

/// Words that stand in examples. Each has six letters or more, or a random key would meet one
/// now and then.
private let placeholderWords = [
    "changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith",
    "placeholder", "example", "yoursecret", "yourdoku", "yourkey", "secrethere", "keyhere",
    "putyour", "insertyour", "pasteyour", "gantiini", "gantidengan", "isidengan", "isidisini",
    "xxxxxx", "******", "......", "______", "------",
]

/// Whether a key of any kind is a word that an example has in its place.
func isPlaceholder(_ text: String) -> Bool {
    // A template that nobody filled in: <secret>, ${DOKU_SECRET_KEY}, {{ secret }}.
    let templates = [("<", ">"), ("${", "}"), ("{{", "}}")]
    if templates.contains(where: { text.hasPrefix($0.0) && text.hasSuffix($0.1) }) { return true }
    let lower = text.lowercased()
    let letters = lower.filter { !"-_. ".contains($0) }
    return placeholderWords.contains { lower.contains($0) || letters.contains($0) }
}
