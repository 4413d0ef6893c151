// Reasons that stand in many tables, word by word.

enum Reason {
    static let middleQuote = """
        has a quote in the middle: put the whole cell in quotes and double a quote that is \
        meant as text
        """
    static let behindQuote = """
        continues after its closing quote: put the whole cell in quotes and double a quote \
        that is meant as text
        """
    static let lineBreak = "contains a line break: write it in one line"
    static let direction =
        "contains an invisible mark that changes the direction of the text: type it again"
    static let empty = "is empty; every bill needs one"
    static let missing = "is missing; every bill needs one"
    static let columns = """
        the columns are payment_code, invoice_number, amount, reusable, expires_at, \
        customer_name, customer_email, info
        """
    static let noUTF8 = "is not UTF-8: save the file as CSV UTF-8"
    static let nul = "contains a NUL byte: it is UTF-16 or not text; save it as CSV UTF-8"
    static let array = """
        is a JSON array: send one object per line (NDJSON), without brackets around them and \
        commas between them
        """
    static let neverClosed =
        "is never closed: close it, or double it if it is part of the text"
    static let xlsx = "is an Excel workbook (.xlsx) or another zip archive: save it as CSV UTF-8"
    static let space = "begins or ends with a space: nothing is trimmed, remove it"
    static let scientific = """
        is in scientific notation: a spreadsheet read it as a number and its digits are lost; \
        format the column as text and export it again from its source
        """
    static let narrow = """
        is what a spreadsheet shows where a column is too narrow: widen the column and save the \
        file again
        """
    static let fix = "correct the formula and save the file again"
    static let keptText = "is a formula that keeps a text (=\"…\"): write the text alone"
    static let formula = "is a formula, not its result: write the value itself"
    static let apostrophe =
        "begins with the apostrophe with which a spreadsheet marks a text: remove it"
    static let decimalPart =
        "ends in a decimal part: a program read it as a number; format the column as text"
    static let quotes = "contains typographic quotes: remove them"
    static let code = "must be 1 to 25 digits and nothing else"
    static let script = "contains digits of another script: only the digits 0 to 9 are read"
    static let invoice = "must be 1 to 64 visible ASCII characters, no spaces"
    static let flag = "must be true or false, yes or no, ya or tidak, 1 or 0, or nothing"
    static let control = "contains a control character: remove it"
    static let email = "is not an e-mail address: one @ with something on either side, no spaces"
    static let date = "write YYYY-MM-DD, which means the end of that day in Jakarta, or RFC 3339"
    static let time = """
        is a time without the T, the seconds or the offset from UTC: write it like \
        2026-12-31T23:59:59+07:00, or the date alone
        """
    static let dayCount =
        "is a spreadsheet's count of days (2026-12-31): format the column as a date"
    static let declare = "declare that form if all amounts in the file have it"
    static let plain = "is not an amount of digits alone, such as 150000"
    static let indonesian = "is not an amount in the form 150.000, 150.000,00 or Rp150.000"
    static let english = "is not an amount in the form 150,000, 150,000.00 or Rp150,000"
    static let range = "must be 1 to 999999999999 rupiah"
    static let cents = "has cents: amounts are whole rupiah, only 00 may follow the mark"
    static let leadingZero = "begins with a zero, which no amount does"
    static let negative = "is negative or not an amount: must be 1 to 999999999999 rupiah"
    static let whole = "must be whole rupiah, a JSON integer from 1 to 999999999999"
}
