// An amount on the command line: whole rupiah in digits. Other forms are not guessed, but the
// refusal says what to write.

import ArgumentParser
import BillFiles

func wholeRupiah(_ text: String) throws -> Int64 {
    if let amount = Int64(text) { return amount }
    var bytes = text
    let meant = [AmountFormat.indonesian, .english].lazy.compactMap { format in
        bytes.withUTF8 { format.amount($0) }
    }
    guard let meant = meant.first else {
        throw ValidationError("write whole rupiah in digits alone, such as 150000")
    }
    throw ValidationError("write \(meant.whole), in digits alone")
}
