// The layouts in which other programs serialise a body again, each with a sentence for the report.
// Bytes that an earlier layout produced are not tried again: the simplest explanation comes first.

extension JSONLayout {
    typealias Known = (
        mistake: SignatureDiagnosis.Mistake, what: String, layout: JSONLayout
    )

    static let known = onOneLine + indented + ["  ", "    "].flatMap(sorted)

    private static let onOneLine: [Known] = [
        (.bodyMinified, "The signed body has no white space between its parts.", .init()),
        (
            .bodyReserialised, "The body was parsed and serialised again before it was signed.",
            .init(text: .plain, numbers: .shortest)
        ),
        (
            .bodySpaced, "The signed body has a space after each comma and each colon.",
            .init(comma: ", ", colon: ": ", text: .ascii, numbers: .floating)
        ),
        (
            .bodySpaced, "The signed body has a space after each comma and each colon.",
            .init(comma: ", ", colon: ": ")
        ),
        (
            .bodySlashesEscaped, #"The signed body has `\/` in place of each slash."#,
            .init(text: .ascii, escapesSlashes: true, numbers: .floating)
        ),
        (
            .bodySlashesEscaped, #"The signed body has `\/` in place of each slash."#,
            .init(text: .plain, escapesSlashes: true)
        ),
        (
            .bodyUnicodeEscaped,
            #"The signed body has `\u…` in place of each letter outside ASCII."#,
            .init(text: .ascii, numbers: .floating)
        ),
        (.bodyKeysSorted, "The keys in the signed body are sorted.", .init(sortsKeys: true)),
        (
            .bodyKeysSorted, "The keys in the signed body are sorted, and spaces were added.",
            .init(
                comma: ", ", colon: ": ", sortsKeys: true, text: .ascii, numbers: .floating)
        ),
        (
            .bodyHTMLEscaped, #"The signed body has `\u…` in place of `<`, `>` and `&`."#,
            .init(text: .plain, escapesHTML: true, numbers: .shortest)
        ),
        (
            .bodyHTMLEscaped,
            #"The keys in the signed body are sorted, and `<`, `>` and `&` are written as `\u…`."#,
            .init(sortsKeys: true, text: .plain, escapesHTML: true)
        ),
    ]

    private static let indented: [Known] = [
        (.bodyPrettyPrinted, "The signed body is indented by two spaces.", pretty("  ")),
        (.bodyPrettyPrinted, "The signed body is indented by four spaces.", pretty("    ")),
        (.bodyPrettyPrinted, "The signed body is indented by tabs.", pretty("\t")),
        (
            .bodyPrettyPrinted, "The signed body is indented, with CR LF line ends.",
            .init(indent: "  ", lineEnd: "\r\n", colon: ": ")
        ),
        (
            .bodyPrettyPrinted, "The signed body is indented as the JSON library Jackson does it.",
            .init(indent: "  ", colon: " : ", hasLooseLists: true)
        ),
        (
            .bodyPrettyPrinted, #"The signed body is indented, with `\/` in place of each slash."#,
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
            "The keys in the signed body are sorted and indented by \(indent.utf8.count) spaces."
        let plain = JSONLayout(indent: indent, colon: ": ", sortsKeys: true)
        let python = JSONLayout(
            indent: indent, colon: ": ", sortsKeys: true, text: .ascii, numbers: .floating)
        return [(.bodyKeysSorted, what, plain), (.bodyKeysSorted, what, python)]
    }
}
