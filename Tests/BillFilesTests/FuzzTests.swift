// Random bytes, random sequences of CSV's special bytes, and damaged valid files: nothing traps,
// every row is within the file, and every division into chunks reads the same.

import BillFiles
import LoketCore
import TestSupport
import Testing

struct FuzzTests {
    private static let size = 150

    private func check(_ file: [UInt8], _ format: BillFileFormat, seed: UInt64, _ origin: String) {
        let forms = AmountFormat.allCases
        let form = forms[Int(seed % UInt64(forms.count))]
        let reading = Reading.sure(file, format, form, seed: seed)
        let lines = file.count { $0 == 0x0A || $0 == 0x0D } + 1
        #expect(reading.rows.count <= lines, "\(origin), seed \(seed)")
        if let line = reading.fault?.line {
            #expect((1...lines).contains(line), "\(origin), seed \(seed)")
        }
    }

    @Test(arguments: BillFileFormat.allCases, [1, 2, 3] as [UInt64])
    func `random bytes`(_ format: BillFileFormat, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for turn in 0..<Self.size {
            let count = Int.random(in: 0...200, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            check(bytes, format, seed: seed &+ UInt64(turn), "random bytes")
        }
    }

    @Test(arguments: [4, 5, 6] as [UInt64])
    func `random sequences of the bytes with a meaning in CSV`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let marks = Array(",;\"\"\"\r\n\r\n ab1\u{E9}'=".utf8)
        for turn in 0..<Self.size {
            let body = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                marks[Int.random(in: 0..<marks.count, using: &random)]
            }
            check(Array(header.utf8) + body, .csv, seed: seed &+ UInt64(turn), "marks")
            check(body, .csv, seed: seed &+ UInt64(turn), "marks without a header")
        }
    }

    @Test(arguments: BillFileFormat.allCases, [7, 8, 9] as [UInt64])
    func `valid files with damage`(_ format: BillFileFormat, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let writer = BillFileWriter(format: format, now: Moment(seconds: 0))
        for turn in 0..<Self.size / 4 {
            var file = writer.opening
            for _ in 0..<4 { writer.write(try SomeBill.any(&random), to: &file) }
            for _ in 0..<Int.random(in: 1...4, using: &random) where !file.isEmpty {
                let place = Int.random(in: 0..<file.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: file.remove(at: place)
                case 1: file[place] = UInt8.random(in: 0...255, using: &random)
                case 2: file.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: file.removeLast(file.count - place)
                }
            }
            check(file, format, seed: seed &+ UInt64(turn), "damaged")
        }
    }
}
