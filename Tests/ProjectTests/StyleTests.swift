// Rules of this repository that a program can check: permitted imports, the length of files,
// and content that no file may have.

import Foundation
import Testing

@Suite struct Style {
    private struct File {
        let path: String
        let lines: [Substring]

        init(_ path: String) throws {
            self.path = path
            lines = try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        }

        /// The modules that the file imports.
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"),
                    words[..<place].allSatisfy({
                        $0.hasPrefix("@") || ["package", "public", "private"].contains($0)
                    })
                else { return nil }
                return words[(place + 1)...].last.map(String.init)
            }
        }
    }

    private func files(_ folder: String) throws -> [File] {
        let files = try Project.swiftFiles(in: folder).map { try File($0) }
        #expect(!files.isEmpty, "\(folder)")
        return files
    }

    private static let linesMax = 250
    private static let nameMax = 80

    @Test(arguments: ["Sources", "Tests"])
    func `every file opens with a comment`(_ folder: String) throws {
        for file in try files(folder) {
            #expect(file.lines.first?.hasPrefix("// ") == true, "\(file.path)")
        }
    }

    @Test func `no source is longer than 250 lines`() throws {
        for file in try files("Sources") {
            let count = file.lines.count - (file.lines.last?.isEmpty == true ? 1 : 0)
            #expect(count <= Self.linesMax, "\(file.path) has \(count)")
        }
    }

    @Test(arguments: ["Sources", "Tests"])
    func `no file has marks of unfinished work`(_ folder: String) throws {
        // Split, so that this file does not contain the marks.
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX:", "fatalError" + "(\"not impl"]
        for file in try files(folder) {
            for (number, line) in file.lines.enumerated() {
                for mark in marks where line.contains(mark) {
                    Issue.record("\(file.path):\(number + 1) holds \(mark)")
                }
            }
        }
    }

    @Test func `the core imports nothing`() throws {
        for file in try files("Sources/LoketCore") {
            #expect(file.imports.isEmpty, "\(file.path): \(file.imports)")
        }
    }

    @Test(arguments: ["InquiryResponder", "InquiryEndpoint", "Reply"])
    func `the responders use no sockets`(_ name: String) throws {
        let file = try File("Sources/LoketGateway/Endpoints/\(name).swift")
        #expect(!file.imports.contains { $0.hasPrefix("NIO") || $0 == "Hummingbird" })
    }

    /// An import's rows are stored in a separate file, which is not a database of bills.
    @Test func `three files open the database, and one opens an import's file`() throws {
        let calls = ["DatabasePool(", "DatabaseQueue(", "sqlite3_open"]
        let openers = try files("Sources").filter { file in
            file.lines.contains { line in calls.contains { line.contains($0) } }
        }
        let names = openers.map { ($0.path as NSString).lastPathComponent }
        let known = [
            "Store.swift", "BillLookup.swift", "DatabaseFile.swift", "ImportStage.swift",
        ]
        #expect(Set(names) == Set(known))
    }

    @Test func `test names are sentences of at most 80 characters`() throws {
        for file in try files("Tests") {
            for line in file.lines where line.contains("func `") {
                let test = /^ *(?:@Test.* )?func `([^`]+)`/
                guard let match = line.firstMatch(of: test) else { continue }
                let name = match.output.1
                #expect(name.count <= Self.nameMax, "\(file.path): \(name)")
                #expect(name.contains(" "), "\(file.path): \(name)")
            }
        }
    }

    /// A slow machine must not fail a test, so time limits are used only for waiting.
    @Test func `no test asserts an absolute time`() throws {
        let clock = /#(expect|require)\(.*<=? *(Duration)?\.(micro|milli|nano)?seconds\(/
        for file in try files("Tests") {
            for (number, line) in file.lines.enumerated() where line.contains(clock) {
                Issue.record("\(file.path):\(number + 1) asserts a time limit")
            }
        }
    }

    /// If a row has another type, GRDB's subscripts terminate the process and print the row.
    @Test func `no value of a row is read by a subscript`() throws {
        let subscripts = /\["[a-z_]+"\]|\b[a-z]*(row|raw)\[|\$[0-9]\[["0-9]/
        for file in try files("Sources/LoketStore") {
            for (number, line) in file.lines.enumerated() where line.contains(subscripts) {
                Issue.record("\(file.path):\(number + 1) reads a row by a subscript")
            }
        }
    }

    /// Paths of one machine are useless on others.
    @Test(arguments: ["Sources", "Tests", "scripts", ".ci", "migrations"])
    func `no file names a home folder or a user`(_ folder: String) throws {
        let marks = ["/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/"]
        let names = try FileManager.default.subpathsOfDirectory(atPath: Project.url(folder).path)
        for name in names {
            guard let text = try? Project.text("\(folder)/\(name)") else { continue }
            for mark in marks { #expect(!text.contains(mark), "\(folder)/\(name): \(mark)") }
        }
    }
}
