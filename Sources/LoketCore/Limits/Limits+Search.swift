// Limits of the search for bills, and of the words of names that it uses.

extension Limits {
    /// The maximum length, in characters, of a search text: that of a Request-Id.
    package static let searchTextMax = headerIdentifierMax
    /// The number of bills listed whose codes differ from the search text by one typing error.
    package static let nearBillsMax = 10
    /// The number of inquiries listed in a search result.
    package static let searchInquiriesMax = 10
    /// The milliseconds after a refused inquiry within which an inquiry with the right code may be
    /// the same customer's: an hour.
    package static let askedAgainMilliseconds: Int64 = 3_600_000

    // MARK: The words of names

    /// The maximum number of words of one name: a name of 64 characters has no more.
    package static let nameWordsMax = customerNameMax / 2
    /// The byte limit of a word; the rest of a longer word is left out.
    package static let nameWordBytesMax = 64
    /// The number of bills whose names are read in one step. Their words are written in order, and
    /// so more bills mean fewer page writes; the words of one step have some 10 MB of memory.
    package static let wordBillsAtOnce = 100_000
    /// The maximum number of changes of a step's bills while it is written: the last write takes
    /// the words of these bills from their present names in one transaction.
    package static let wordRenamedMax = 1_000
    /// The number of words written after which a write may yield to other work for the writer.
    package static let wordsAtLeast = 64
    /// The milliseconds after which a write ends although no other work waits.
    package static let wordWriteMilliseconds: Int64 = 20
    /// The pause after a write, in times of its duration: the words of names take a quarter of the
    /// writer's time at most.
    package static let wordPauseTimes = 3
    /// The milliseconds between two looks for new bills.
    package static let wordGapMilliseconds = 250
    /// The bytes by which the database and its log grow for each word.
    package static let wordBytes: Int64 = 128
    /// The number of bills whose words an audit compares.
    package static let auditedWordBills: Int64 = 20_000

    // MARK: The search by words

    /// The number of words that are looked up; a name is compared with all of them.
    package static let searchWordsMax = 8
    /// The maximum number of entries of the table of words read for one word. With more, the word
    /// is frequent, and only the newest bills are found.
    package static let searchWordRowsMax = 5_000
    /// The maximum number of different words read for the beginning of a frequent word.
    package static let searchDistinctWordsMax = 32
    /// The number of newest bills whose names are read if all words are frequent and one of them
    /// begins more different words.
    package static let searchNewestMax = 1_000
    /// The maximum number of bills read and compared with the words.
    package static let searchComparedMax = 500
    /// The number of bills listed that have the words in their names.
    package static let namedBillsMax = 20
}
