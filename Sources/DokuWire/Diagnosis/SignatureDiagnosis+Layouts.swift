// The layouts in which other programs serialise a body again, each with a sentence for the report.
// Bytes that an earlier layout produced are not tried again: the simplest explanation comes first.

extension JSONLayout {
    typealias Known = (
        mistake: SignatureDiagnosis.Mistake, what: String, layout: JSONLayout
    )

    static let known = onOneLine + indented + ["  ", "    "].flatMap(sorted)

    private static let onOneLine: [Known] = [
        (.bodyMinified, "The body was signed without white space between its parts.", .init()),
        (
            .bodyReserialised, "The body was parsed and serialised again before it was signed.",
            .init(text: .plain, numbers: .shortest)
        ),
        (
            .bodySpaced, "The body was serialised again with spaces after commas and colons.",
            .init(comma: ", ", colon: ": ", text: .ascii, numbers: .floating)
        ),
        (
            .bodySpaced, "The body was serialised again with spaces after commas and colons.",
            .init(comma: ", ", colon: ": ")
        ),
        (
            .bodySlashesEscaped, #"The body was serialised again with `\/` for each slash."#,
            .init(text: .ascii, escapesSlashes: true, numbers: .floating)
        ),
        (
            .bodySlashesEscaped, #"The body was serialised again with `\/` for each slash."#,
            .init(text: .plain, escapesSlashes: true)
        ),
        (
            .bodyUnicodeEscaped,
            #"The body was serialised again with `\u…` for letters beyond ASCII."#,
            .init(text: .ascii, numbers: .floating)
        ),
        (.bodyKeysSorted, "The body was signed with its keys sorted.", .init(sortsKeys: true)),
        (
            .bodyKeysSorted, "The body was signed with its keys sorted, and with spaces.",
            .init(
                comma: ", ", colon: ": ", sortsKeys: true, text: .ascii, numbers: .floating)
        ),
        (
            .bodyHTMLEscaped, #"The body was serialised again with `\u…` for `<`, `>` and `&`."#,
            .init(text: .plain, escapesHTML: true, numbers: .shortest)
        ),
        (
            .bodyHTMLEscaped,
            #"The body was signed with its keys sorted, and with `\u…` for `<`, `>` and `&`."#,
            .init(sortsKeys: true, text: .plain, escapesHTML: true)
        ),
    ]

    private static let indented: [Known] = [
        (.bodyPrettyPrinted, "The body was signed indented by two spaces.", pretty("  ")),
        (.bodyPrettyPrinted, "The body was signed indented by four spaces.", pretty("    ")),
        (.bodyPrettyPrinted, "The body was signed indented by tabs.", pretty("\t")),
        (
            .bodyPrettyPrinted, "The body was signed indented, with CR LF between its lines.",
            .init(indent: "  ", lineEnd: "\r\n", colon: ": ")
        ),
        (
            .bodyPrettyPrinted, "The body was signed indented as Jackson does.",
            .init(indent: "  ", colon: " : ", hasLooseLists: true)
        ),
        (
            .bodyPrettyPrinted, #"The body was signed indented, with `\/` for each slash."#,
            .init(
                indent: "    ", colon: ": ", text: .ascii, escapesSlashes: true,
                numbers: .floating)
        ),
    ]

    private static func pretty(_ indent: String) -> JSONLayout {
        JSONLayout(indent: indent, colon: ": ")
    }

    /// The layouts with sorted keys and indentation: of tools for people, and of Python.
    private static func sorted(_ indent: String) -> [Known] {
        let what =
            "The body was signed with its keys sorted, indented by \(indent.utf8.count) spaces."
        let plain = JSONLayout(indent: indent, colon: ": ", sortsKeys: true)
        let python = JSONLayout(
            indent: indent, colon: ": ", sortsKeys: true, text: .ascii, numbers: .floating)
        return [(.bodyKeysSorted, what, plain), (.bodyKeysSorted, what, python)]
    }
}
