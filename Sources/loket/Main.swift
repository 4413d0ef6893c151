// The command line: the list of subcommands and the exit codes. Each subcommand is in its own file;
// the business rules are in the libraries.

import ArgumentParser
import CBuildInfo
import Foundation
import LoketRuntime

@main
struct Loket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loket",
        abstract: "Answers DOKU's Direct Inquiries from your own bills.",
        discussion: """
            Exit codes: 0 success, 1 failure or problem found, 2 wrong usage, 3 no connection.
            """,
        version: BuildInfo.own.text,
        subcommands: [
            Init.self, Serve.self, Demo.self, Check.self, Status.self, Bills.self, Imports.self,
            Payments.self, Attention.self, Quarantine.self, Notifications.self, Find.self,
            Why.self, Inquiries.self, Tail.self, Events.self, WebhooksCommand.self, Keys.self,
            Reconcile.self, PauseCommand.self, ResumeCommand.self, PausesCommand.self,
            Backup.self, RestoreCommand.self, Simulate.self, Sign.self, Verify.self,
        ])

    static func main() async {
        // Writing to a closed pipe returns an error, so that the command can clean up.
        signal(SIGPIPE, SIG_IGN)
        endImmediatelyAtACrash()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let noCommand as CleanExit {
            // Thrown if a group of commands is run without a subcommand.
            Output.note(fullMessage(for: noCommand) + "\n")
            Foundation.exit(Failure.Code.usage.rawValue)
        } catch is Output.ReaderGone {
            Output.endWithoutReader()
        } catch let failure as Failure {
            Output.note("loket: \(failure.message)\n")
            Foundation.exit(failure.code.rawValue)
        } catch {
            leave(with: error)
        }
    }

    /// Disables the backtrace of Swift's runtime, which takes seconds and keeps the ports occupied
    /// until the process ends. Setting SWIFT_BACKTRACE enables it.
    private static func endImmediatelyAtACrash() {
        guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil else { return }
        for fatal in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
            signal(fatal, SIG_DFL)
        }
    }

    /// Prints help to standard output and exits with 0, or usage errors to standard error with 2.
    private static func leave(with error: any Error) -> Never {
        let text = fullMessage(for: error)
        switch exitCode(for: error) {
        case .success:
            print(text)
            Foundation.exit(0)
        case .validationFailure:
            Output.note(text + "\n")
            Foundation.exit(Failure.Code.usage.rawValue)
        case let code:
            if !text.isEmpty { Output.note(text + "\n") }
            Foundation.exit(code.rawValue)
        }
    }
}

/// The reason why a command failed: a message and an exit code.
struct Failure: Error {
    enum Code: Int32 {
        case no = 1
        case usage = 2
        case unreachable = 3
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension BuildInfo {
    static let own = BuildInfo(
        commit: String(cString: loket_commit()), swift: String(cString: loket_swift_version()))
}
