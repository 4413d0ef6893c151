// `sign` and `verify` with saved requests, made from the signature vectors of DokuWireTests.

import DokuWire
import Foundation
import Testing

extension Processes {
    @Suite struct SignatureCommands {
        @Test func `there are vectors of requests, with and without a body`() throws {
            let vectors = try SignatureVector.requests()
            #expect(vectors.contains { $0.request.method == "GET" })
            #expect(vectors.contains { $0.request.method == "POST" })
        }

        @Test(arguments: try SignatureVector.requests(), ["\r\n", "\n"])
        func `sign prints a vector's signature and component`(
            _ vector: SignatureVector, lineEnd: String
        ) async throws {
            try await withSite { site in
                try site.write(vector.saved(lineEnd: lineEnd), to: "request.txt")
                try site.write(vector.secret, to: "secret")
                let outcome = try await site.run(
                    ["sign", "request.txt", "--secret-file", "secret"])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("Signature: \(vector.signature)\n"))
                let lines = vector.component.split(separator: "\n").map { "  " + $0 }
                let visible = lines.joined(separator: "␊\n") + "⏹"
                #expect(outcome.output.contains(visible), "\(outcome)")
                #expect(outcome.output.contains("\(vector.component.utf8.count) bytes"))
                #expect(!outcome.output.contains(vector.secret))
            }
        }

        @Test(arguments: try SignatureVector.requests(), ["\r\n", "\n"])
        func `verify accepts a vector's signature`(
            _ vector: SignatureVector, lineEnd: String
        ) async throws {
            try await withSite { site in
                try site.write(vector.saved(lineEnd: lineEnd), to: "request.txt")
                let outcome = try await site.run(
                    ["verify", "request.txt"], environment: ["LOKET_SECRET": vector.secret])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("␊"))
                #expect(outcome.output.contains("received: \(vector.signature)"))
            }
        }

        @Test(arguments: ["body", "signature", "secret", "path"])
        func `verify refuses a difference of one byte`(_ place: String) async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                var saved = vector.saved()
                var secret = vector.secret
                var options: [String] = []
                switch place {
                case "body": saved[saved.count - 2] ^= 1
                case "signature":
                    let found = saved.firstRange(of: Array("HMACSHA256=".utf8))
                    saved[try #require(found).upperBound] ^= 1
                case "secret": secret += "x"
                default: options = ["--signed-path", vector.request.target + "/"]
                }
                try site.write(saved, to: "request.txt")
                let outcome = try await site.run(
                    ["verify", "request.txt"] + options, environment: ["LOKET_SECRET": secret])
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.errors.contains("does not verify"))
            }
        }

        @Test(
            arguments: ["Client-Id", "Request-Id", "Request-Timestamp", "Signature"],
            ["sign", "verify"])
        func `a missing header gives 2 and is named`(
            _ header: String, command: String
        ) async throws {
            if command == "sign", header == "Signature" { return }
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                try site.write(vector.saved(without: header), to: "request.txt")
                let outcome = try await site.run(
                    [command, "request.txt"], environment: ["LOKET_SECRET": vector.secret])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains(header))
            }
        }

        @Test(arguments: ["\n", "\r\n"])
        func `a line end added by an editor is named, and - is standard input`(
            _ end: String
        ) async throws {
            let vector = try #require(
                try SignatureVector.requests().first { $0.request.body != [] })
            try await withSite { site in
                try site.write(vector.saved() + Array(end.utf8), to: "request.txt")
                let secret = ["LOKET_SECRET": vector.secret]
                let refused = try await site.run(["verify", "request.txt"], environment: secret)
                #expect(refused.code == 1, "\(refused)")
                let fix = "head -c -\(end.utf8.count) request.txt | loket verify -"
                #expect(refused.errors.contains("`\(fix)`"), "\(refused)")
                let line = fix.replacing("loket", with: try Project.command().path)
                let right = try await site.run(
                    ["-c", line], program: "sh", environment: secret)
                #expect(right.code == 0, "\(right)")
            }
        }

        /// No command accepts a file that `serve` refuses, because the signature would seem wrong.
        @Test(arguments: [
            ("\n\n", "ends with white space"), (" \n", "ends with white space"),
            ("\u{FEFF}", "an invisible character"),
        ])
        func `a secret file that serve refuses is refused with the reason`(
            _ end: String, _ reason: String
        ) async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                try site.write(vector.saved(), to: "request.txt")
                try site.write(vector.secret + end, to: "its-secret")
                let outcome = try await site.run(
                    ["verify", "request.txt", "--secret-file", "its-secret"])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains("its-secret: the secret begins "), "\(outcome)")
                #expect(outcome.errors.contains(reason), "\(outcome)")
            }
        }

        @Test func `a secret may come from a pipe, and the advice repeats the options`()
            async throws
        {
            let vector = try #require(
                try SignatureVector.requests().first { $0.request.body != [] })
            try await withSite { site in
                try site.write(vector.saved() + [0x0A], to: "its request.txt")
                try site.write(vector.secret, to: "its-secret")
                let command = try Project.command().path
                let piped = try await site.run(
                    ["-c", "\(command) verify 'its request.txt' --secret-file <(cat its-secret)"],
                    program: "bash")
                #expect(
                    piped.code == 1 && piped.errors.contains("without the line end"), "\(piped)")
                let named = try await site.run(
                    ["verify", "its request.txt", "--secret-file", "its-secret"])
                let advised = named.errors.split(separator: "`")
                try #require(advised.count > 1, "\(named)")
                let line = String(advised[1]).replacing("loket", with: command)
                let right = try await site.run(["-c", line], program: "sh")
                #expect(right.code == 0, "\(advised[1]): \(right)")
            }
        }

        @Test func `sign needs no Signature in the file`() async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                try site.write(vector.saved(without: "Signature"), to: "request.txt")
                let outcome = try await site.run(
                    ["sign", "request.txt"], environment: ["LOKET_SECRET": vector.secret])
                #expect(outcome.code == 0)
                #expect(outcome.output.contains(vector.signature))
            }
        }

        @Test(arguments: ["", "hello", "POST /x\r\n\r\n"], ["sign", "verify"])
        func `a text that is no request gives 2`(_ text: String, command: String) async throws {
            try await withSite { site in
                try site.write(text, to: "request.txt")
                let outcome = try await site.run(
                    [command, "request.txt", "--secret-file", "secret"])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains("request.txt"))
            }
        }

        @Test(arguments: ["", "\n", "\r\n"], ["sign", "verify"])
        func `a secret file that is empty gives 2`(_ text: String, command: String) async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                try site.write(vector.saved(), to: "request.txt")
                try site.write(text, to: "secret")
                let outcome = try await site.run(
                    [command, "request.txt", "--secret-file", "secret"])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains("secret is empty"), "\(outcome)")
                #expect(outcome.output.isEmpty, "\(outcome)")
            }
        }

        @Test(arguments: ["sign", "verify"])
        func `control characters of a saved request do not reach the terminal`(
            _ command: String
        ) async throws {
            try await withSite { site in
                try site.write(
                    "POST /x\u{1B}[31m HTTP/1.1\nClient-Id: M\u{7}\tC\nRequest-Id: a\rb\n"
                        + "Request-Timestamp: \u{202E}t\nSignature: \u{1B}]0;x\u{7}\n\n{}",
                    to: "request.txt")
                let outcome = try await site.run(
                    [command, "request.txt", "--secret-file", "secret"])
                #expect(outcome.code == (command == "sign" ? 0 : 1), "\(outcome)")
                for text in [
                    "Client-Id:M\\u{7}\\u{9}C␊", "Request-Id:a␍b␊",
                    "Request-Timestamp:\\u{202E}t␊", "Request-Target:/x\\u{1B}[31m␊",
                ] {
                    #expect(outcome.output.contains(text), "\(text) in \(outcome)")
                }
                if command == "verify" {
                    #expect(outcome.output.contains("received: \\u{1B}]0;x\\u{7}\n"))
                }
                try site.write("POST /x HTTP/1.1\nno\u{1B}[2Jheader\n\n", to: "request.txt")
                let refused = try await site.run(
                    [command, "request.txt", "--secret-file", "secret"])
                #expect(refused.code == 2 && refused.errors.contains("no\\u{1B}[2Jheader"))
                let shown = outcome.output + outcome.errors + refused.errors
                #expect(!shown.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" })
            }
        }

        @Test func `a missing file or secret gives 2`() async throws {
            try await withSite { site in
                let absent = try await site.run(["sign", "no.txt", "--secret-file", "secret"])
                #expect(absent.code == 2)
                #expect(absent.errors.contains("no.txt"))
                let vector = try #require(try SignatureVector.requests().first)
                try site.write(vector.saved(), to: "request.txt")
                let without = try await site.run(["verify", "request.txt"])
                #expect(without.code == 2)
                #expect(without.errors.contains("LOKET_SECRET"))
            }
        }
    }
}
