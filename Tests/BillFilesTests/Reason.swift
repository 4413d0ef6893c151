// Reasons that many tables expect, word for word.

enum Reason {
    static let middleQuote = """
        has a quote in the middle: put the whole cell in quotes, and write each quote inside the \
        text twice
        """
    static let behindQuote = """
        has text after its closing quote: put the whole cell in quotes, and write each quote \
        inside the text twice
        """
    static let lineBreak = "contains a line break: write the text in one line"
    static let direction =
        "contains an invisible character that changes the text direction: type it again"
    static let empty = "is empty, but every bill needs this field"
    static let missing = "is missing, but every bill needs this field"
    static let noAmount = "is empty, and the row has no dated amounts"
    static let columns = """
        the valid columns are payment_code, invoice_number, amount, amounts, reusable, \
        valid_from, expires_at, due_at, customer_name, customer_email, info
        """
    static let noUTF8 = """
        is not UTF-8: save the file as CSV UTF-8, or set encoding=windows-1252 if a Windows program \
        saved it as plain CSV
        """
    static let utf16 =
        "is UTF-16 (\"Unicode text\"): save it as CSV UTF-8, or set encoding=utf-16"
    static let nul = """
        contains a NUL byte: the file is UTF-16 or not text; save it as CSV UTF-8, or set \
        encoding=utf-16le
        """
    static let array = "the file is a JSON array: send it with format=json"
    static let advice = "; to read the file as it is, for example: "
    static let skipLines =
        "; if the header is on a later line, set skip_lines to the number of lines before it"
    static let neverClosed =
        "is never closed: close the quote, or write it twice if it is part of the text"
    static let xlsx = "is an Excel workbook (.xlsx) or another zip archive: save it as CSV UTF-8"
    static let space = "begins or ends with a space: remove the space"
    static let scientific = """
        is in scientific notation: a spreadsheet read the value as a number and lost digits; \
        format the column as text and export the file again from its source
        """
    static let narrow = """
        is only number signs, which a spreadsheet shows if a column is too narrow: widen the \
        column and save the \
        file again
        """
    static let fix = "correct the formula and save the file again"
    static let keptText = "is a formula around a text (=\"…\"): write only the text"
    static let formula = "is a formula: write the value that the formula gives"
    static let apostrophe =
        "begins with an apostrophe, which a spreadsheet adds to text: remove it"
    static let decimalPart =
        "has a decimal part: a program changed the value to a number; format the column as text"
    static let quotes = "contains typographic quotes: remove the quotes"
    static let code = "must be 1 to 25 digits and nothing else"
    static let script = "contains digits of another script: write the digits 0 to 9"
    static let invoice = "must be 1 to 64 visible ASCII characters, no spaces"
    static let flag = "must be true or false, yes or no, ya or tidak, 1 or 0, or empty"
    static let control = "contains a control character: remove the character"
    static let email =
        "is not an e-mail address: it needs one @ with text on both sides, and no spaces"
    static let date =
        "write YYYY-MM-DD, which means the end of that day in Jakarta, or an RFC 3339 time"
    /// What follows the reason for a date that has its day first.
    static func dayFirst(_ day: String = "2026-12-31") -> String {
        "; date_format=dmy reads it as \(day): set this option if it fits all dates in the file"
    }
    static let beginning =
        "write YYYY-MM-DD, which means the start of that day in Jakarta, or an RFC 3339 time"
    static let time = """
        is a time without the T, the seconds or the offset from UTC: write \
        2026-12-31T23:59:59+07:00, for example, or only the date
        """
    static let dayCount =
        "is a spreadsheet's day number (2026-12-31): format the column as a date"
    static let declare = "set this option if it fits all amounts in the file"
    static let plain = "is not an amount of digits only, such as 150000"
    static let indonesian = "is not an amount in the form 150.000, 150.000,00 or Rp150.000"
    static let english = "is not an amount in the form 150,000, 150,000.00 or Rp150,000"
    static let range = "must be 1 to 999999999999 rupiah"
    static let cents = "has cents: amounts are whole rupiah, so only 00 may follow the decimal mark"
    static let leadingZero = "begins with a zero: write the amount without leading zeros"
    static let negative = "is negative or not an amount: write 1 to 999999999999 rupiah"
    static let whole = "must be whole rupiah, a JSON integer from 1 to 999999999999"
}
