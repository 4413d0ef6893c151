// The words of a name: what is folded, what separates words, and the limits.

import LoketCore
import Testing

struct NameWordsTests {
    @Test(arguments: [
        ("Anton Budiman", ["anton", "budiman"]),
        ("PT. Maju-Jaya (Persero) Tbk", ["pt", "maju", "jaya", "persero", "tbk"]),
        ("Ñúñez", ["nunez"]), ("n\u{303}u\u{301}N\u{303}EZ", ["nunez"]),
        ("Nur'aini D’Angelo", ["nur", "aini", "d", "angelo"]),
        ("Straße Œuvre Þór Ærø Ĳmker", ["strasse", "oeuvre", "thor", "aero", "ijmker"]),
        ("İSTANBUL Łódź Đặng ỹ ẞ", ["istanbul", "lodz", "dang", "y", "ss"]),
        ("SDN 03/RT07", ["sdn", "03", "rt07"]),
        ("  \u{A0}Siti \t siti SITI", ["siti"]),
        // What has no plain letters is kept, in lower case.
        ("ИВАН Ёлкин Ωμέγα", ["иван", "ёлкин", "ωμέγα"]),
        ("王小明 محمد", ["王小明", "محمد"]), ("हिन्दी", ["हिन्दी"]),
        ("ʼ × ÷ ½ ² € 🙂", ["ʼ"]), ("", []), ("... - ...", []),
    ])
    func `a name has these words`(name: String, words: [String]) {
        #expect(NameWords.words(of: name) == words)
        #expect(
            NameWords.words(of: name).map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }

    @Test func `the words and the bytes of a word are limited`() {
        let many = (0..<100).map { "w\($0)" }
        #expect(
            NameWords.words(of: many.joined(separator: " "))
                == Array(many.prefix(Limits.nameWordsMax)))
        let long = String(repeating: "a", count: Limits.nameWordBytesMax)
        #expect(NameWords.words(of: long + "b c") == [long, "c"])
        // A letter of two bytes does not fit half.
        #expect(NameWords.words(of: long.dropLast() + "яb c") == [String(long.dropLast()), "c"])
    }

    @Test(arguments: [
        ("anton", true), ("ant bud", true), ("bud ant", true), ("a", true), ("BÚD", true),
        ("nton", false), ("ant x", false), ("antonb", false),
    ])
    func `each beginning must begin a word`(text: String, isFound: Bool) {
        let words = NameWords.words(of: text)
        #expect(NameWords.match(words, name: "Anton Budiman") == isFound)
    }
}
