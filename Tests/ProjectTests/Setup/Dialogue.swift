// A command on a terminal, with typed input.

import Foundation

extension Site {
    /// Runs a command on a pseudo-terminal and types a text after each prompt.
    ///
    /// - Returns: The complete output of the terminal, and the exit code.
    func talk(
        _ arguments: [String], _ turns: [(prompt: String, typed: String)]
    ) async throws -> Child.Outcome {
        let program = """
            import json, os, pty, sys
            turns, words = json.loads(sys.argv[1]), sys.argv[2:]
            child, terminal = pty.fork()
            if child == 0:
                os.execvp(words[0], words)
            shown, new = "", ""
            def read():
                global shown, new
                try:
                    part = os.read(terminal, 65536)
                except OSError:  # its other end is closed
                    part = b""
                shown, new = shown + part.decode(), new + part.decode()
                return part
            for prompt, typed in turns:
                while prompt not in new and read():
                    pass
                new = ""
                os.write(terminal, typed.encode())
            while read():
                pass
            print(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let json = try JSONEncoder().encode(turns.map { [$0.prompt, $0.typed] })
        return try await run(
            ["-c", program, String(decoding: json, as: UTF8.self), Project.command().path]
                + arguments, program: "python3")
    }
}
