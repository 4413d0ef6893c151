// `loket init`: the files that it writes, their permissions, and what it refuses.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct InitCommand {
        private static let key = "SK-abcdefghijklmnop1234"
        /// Free ports, so that a running service does not interfere.
        private func ports() throws -> [String] {
            [
                "--gateway", "127.0.0.1:\(try Listener.freePort())", "--admin",
                "\(try Listener.freePort())",
            ]
        }

        @Test func `options create valid settings that only their owner can read`() async throws {
            try await withSite { site in
                try site.write(Self.key + "\n", to: "key")
                let outcome = try await site.run(
                    [
                        "init", "shop", "--client-id", "MCH-1", "--secret-file", "key", "--bin",
                        "12345", "--channels", "alfa,indomaret", "--public-url",
                        "https://pay.example.com/shop/",
                    ] + ports())
                #expect(outcome.code == 0, "\(outcome)")
                let modes = try await site.run(
                    ["shop", "-printf", "%m %P\\n"], program: "find")
                #expect(
                    Set(modes.output.split(separator: "\n")) == [
                        "700 ", "600 loket.yaml", "700 secrets", "600 secrets/doku",
                        "600 send-to-doku.txt",
                    ])
                #expect(
                    try String(contentsOfFile: site.path("shop/secrets/doku"), encoding: .utf8)
                        == Self.key + "\n")
                let letter = try String(
                    contentsOfFile: site.path("shop/send-to-doku.txt"), encoding: .utf8)
                for text in [
                    "MCH-1\n", "12345, our own", "Alfa Group, Indomaret\n",
                    "https://pay.example.com/shop/doku/inquiry\n",
                    "https://pay.example.com/shop/doku/notification\n",
                ] {
                    #expect(letter.contains(text), "\(letter)")
                }
                let check = try await site.run(["check", "--config", "shop/loket.yaml"])
                #expect(check.code == 0, "\(check)")
                #expect(check.output.contains("inquiries arrive at /shop/doku/inquiry"))
                #expect(!(outcome.output + letter + check.output).contains(Self.key))
            }
        }

        @Test func `without a terminal the missing options are listed`() async throws {
            try await withSite { site in
                let before = try site.listing()
                let outcome = try await site.run(["init", "shop", "--bin", "889651"])
                #expect(outcome.code == 2)
                #expect(outcome.errors.contains("are needed: --client-id, --secret-file;"))
                #expect(try site.listing() == before)
            }
        }

        @Test func `every wrong option is named with its reason`() async throws {
            try await withSite { site in
                try site.write("short", to: "key")
                let before = try site.listing()
                let outcome = try await site.run([
                    "init", "shop", "--client-id", "MCH 1", "--secret-file", "key", "--bin",
                    "889651", "--channels", "indomaret", "--public-url", "https://a.ngrok.app",
                    "--gateway", "127.0.0.1:99999", "--admin", "127.0.0.1/x:1",
                ])
                #expect(outcome.code == 2)
                let lines = outcome.errors.replacing("loket: ", with: "").split(separator: "\n")
                let reasons = [
                    "--client-id: must be 1 to 128", "--secret-file: the secret has fewer",
                    "--channels: Indomaret accepts only direct BINs",
                    "--public-url: must not be an ngrok", "--gateway: must be a port, or host:port",
                    "--admin: must be an IP address",
                ]
                #expect(lines.count == reasons.count, "\(outcome)")
                for (line, opening) in zip(lines, reasons) {
                    #expect(line.hasPrefix(opening), "\(line)")
                }
                #expect(try site.listing() == before)
            }
        }

        @Test func `no existing file is overwritten`() async throws {
            try await withSite { site in
                let before = try String(contentsOfFile: site.path("loket.yaml"), encoding: .utf8)
                let outcome = try await site.run(["init", "--trial"] + ports())
                #expect(outcome.code == 1)
                #expect(outcome.errors.contains("loket.yaml exists; no file is overwritten"))
                #expect(
                    try String(contentsOfFile: site.path("loket.yaml"), encoding: .utf8) == before)
                #expect(try site.listing() == ["loket.yaml", "secret"])
            }
        }

        @Test func `on a terminal each wrong value is asked for again`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let outcome = try await site.talk(
                    ["init", "shop", "--admin", "\(try Listener.freePort())"],
                    [
                        ("Client-Id", "MCH-0001-10791114622547\n"),
                        ("(not shown): ", "SK-short\n"),
                        ("(not shown): ", "\(Self.key)\n"),
                        ("BIN", "1234\n"), ("has at least 6 digits", "889651\n"),
                        ("Public URL", "http://pay.example.com\n"),
                        ("must be an https URL", "https://pay.example.com\n"),
                        ("6/6", "127.0.0.1:\(port)\n"),
                    ])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("4/6  Counters: alfa"), "\(outcome)")
                #expect(outcome.output.contains("the secret has fewer than"), "\(outcome)")
                #expect(!outcome.output.contains("SK-"), "a key was shown")
                let check = try await site.run(["check", "--config", "shop/loket.yaml"])
                #expect(check.code == 0, "\(check)")
                #expect(check.output.contains("MCH-0001-10791114622547: BIN 889651"), "\(check)")
            }
        }

        @Test func `Enter alone creates a trial service, in six questions`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let outcome = try await site.talk(
                    ["init", "shop", "--admin", "\(try Listener.freePort())"],
                    [
                        ("1/6", "\n"), ("3/6", "\n"), ("5/6", "\n"), ("6/6", "\(port)\n"),
                    ])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("are for a trial"), "\(outcome)")
                let check = try await site.run(["check", "--config", "shop/loket.yaml"])
                #expect(check.code == 0, "\(check)")
            }
        }

        @Test func `Ctrl-C at the key restores the terminal and writes nothing`() async throws {
            try await withSite { site in
                let command = try Project.command().path
                let before = try site.listing()
                let outcome = try await site.run(
                    [
                        "-c",
                        """
                        import os, pty, signal, sys, termios
                        # A thread of the tests blocks signals, and what it starts inherits that.
                        signal.pthread_sigmask(signal.SIG_SETMASK, [])
                        child, terminal = pty.fork()
                        if child == 0:
                            os.execvp(sys.argv[1], sys.argv[1:])
                        shown = b""
                        while b"secret key" not in shown:
                            shown += os.read(terminal, 65536)
                        while termios.tcgetattr(terminal)[3] & termios.ECHO:
                            pass
                        os.write(terminal, b"\\x03")
                        while not termios.tcgetattr(terminal)[3] & termios.ECHO:
                            pass
                        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                        """, command, "init", "shop", "--client-id", "MCH-1",
                    ], program: "python3")
                #expect(outcome.output == "-2\n", "\(outcome)")
                #expect(try site.listing() == before)
            }
        }
    }
}
