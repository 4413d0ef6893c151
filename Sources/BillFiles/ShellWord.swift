// A text as one word of a shell's command line, for lines to copy.

package enum ShellWord {
    package static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
