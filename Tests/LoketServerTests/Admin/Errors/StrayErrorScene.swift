// No route of the service answers `unexpected`, because Hummingbird throws only errors with a cause
// to the routes. To test this answer, a route that throws another error is put behind the real
// middleware here.

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Testing
@testable import LoketAdmin

extension Scene {
    /// `GET /admin/v1/odd` throws as Hummingbird would.
    static let strayError = Scene { _, ask in
        let log = LogLines()
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware(log: log.logger))
        router.get("admin/v1/odd") { _, _ -> Response in
            throw HTTPError(.badRequest, message: "a parameter was lost")
        }
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let listener = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: LogLines().logger)
        let group = ServiceGroup(services: [listener], logger: LogLines().logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            let outcome: Result<Void, any Error>
            do {
                var first = ports.makeAsyncIterator()
                try await ask(AdminClient(port: try #require(await first.next())))
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
        // The answer refers to the log, and the log has the error.
        #expect(log.text.contains("a parameter was lost"), "\(log.text)")
    }
}
