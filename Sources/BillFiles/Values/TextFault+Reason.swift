// What is wrong with a text, for the row of a file that it is in.

import LoketCore

extension Misreading {
    /// - Parameter max: Unicode scalars that the text may have.
    init(_ fault: TextFault, max: Int) {
        reason =
            switch fault {
            case .empty: "is empty"
            case .tooLong(let count): "has \(count) characters, \(max) are the most that fit"
            case .lineBreak: "holds a line break: write it in one line"
            case .control: "holds a control character: remove it"
            case .direction:
                "holds a mark that turns the direction of writing and cannot be seen: type it again"
            case .blank: "holds nothing but spaces"
            }
    }
}
