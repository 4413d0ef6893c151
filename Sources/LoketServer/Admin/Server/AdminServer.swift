// The listener that the merchant reaches: Hummingbird, its routes and what stands before them.

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import LoketCore
import LoketStore
import NIOCore
import ServiceLifecycle

/// Everything that the admin routes work on.
package struct AdminDesk: Sendable {
    let settings: Settings
    let build: BuildInfo
    /// Connections open at once.
    let connectionsMax: Int
    let store: BillStore
    let directory: Directory
    let readiness: Readiness
    let tally: Tally
    let journal: Journal
    let ledger: LedgerWatch
    let pages: PageWatch
    let imports: ImportDesk
    let reconciler: Reconciler
    let notifications: NotificationResponder
    let quarantine: QuarantineDoor
    let refusals: RefusalDesk
    let watch: ServiceWatch
    let log: Logger
    let logQueue: LogQueue?

    func makeServer() -> some Service {
        let (readiness, tally) = (readiness, tally)
        let port = settings.admin.listener.port
        let grace = settings.limits.bodyGraceMilliseconds
        let quiet = log.quiet
        let connections = AdminConnections(
            max: connectionsMax, whenFull: tally.countAdminConnectionClosed)
        let application = Application(
            responder: AdminResponder(
                makeRouter(connections), hosts: HostCheck(directory: directory)),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        connections.makeHandler(), BodyPace(graceMilliseconds: grace),
                    ],
                    idleTimeout: .seconds(Limits.idleSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.admin.listener.host, port: port)),
            onServerRunning: { channel in
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.closeOnExec()
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(tally: tally), position: .first)
                }.get()
                readiness.adminListens(on: channel.localAddress?.port ?? port)
            },
            logger: quiet)
        return AdminListener(application: application, connections: connections)
    }

    /// `GET /admin/v1/bills/{id}` and so on, as the router has them.
    package var routes: [String] {
        makeRouter(AdminConnections(max: connectionsMax)).routes
            .map { "\($0.method.rawValue) \($0.path)" }
    }

    private func makeRouter(_ connections: AdminConnections) -> Router<AdminContext> {
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware(log: log))
        let uses = KeyUses(on: store)
        let doorstep = Doorstep(
            slowness: .milliseconds(Limits.wrongKeyMilliseconds),
            places: min(Limits.wrongKeysWaitingMax, connections.share)
        )
        let keys = KeyMiddleware(
            store: store, uses: uses, doorstep: doorstep, connections: connections,
            tally: tally)
        DocsRoutes(build: build).add(to: router)
        ReadyRoute(watch: watch, directory: directory, pages: pages)
            .add(to: router, keys: keys)
        MetricsRoute(
            build: build, tally: tally, journal: journal, store: store, logQueue: logQueue,
            watch: watch
        ).add(to: router)

        let group = router.group("admin/v1").add(middleware: keys)
            .add(middleware: AdminWriteLog(log: log))
        BillRoutes(store: store, directory: directory, channels: settings.channels)
            .add(to: group)
        BillEditRoute(store: store, directory: directory, channels: settings.channels)
            .add(to: group)
        ImportRoutes(
            store: store, directory: directory, channels: settings.channels, desk: imports
        ).add(to: group)
        PaymentRoutes(store: store, directory: directory).add(to: group)
        AttentionRoutes(store: store, directory: directory).add(to: group)
        NotificationRoutes(
            store: store, directory: directory, responder: notifications, door: quarantine
        ).add(to: group)
        EventRoutes(store: store, directory: directory).add(to: group)
        StatusRoute(
            build: build, watch: watch, store: store, directory: directory,
            reconciler: reconciler, pages: pages
        ).add(to: group)
        ReconcileRoutes(reconciler: reconciler).add(to: group)
        InquiryRoutes(
            store: store, directory: directory,
            why: WhyDesk(
                settings: settings, store: store, directory: directory, refusals: refusals)
        ).add(to: group)
        SearchRoutes(store: store, directory: directory).add(to: group)
        KeyRoutes(store: store, directory: directory, uses: uses).add(to: group)
        PauseRoutes(store: store, directory: directory, reconciler: reconciler).add(to: group)
        BackupRoutes(store: store, log: log).add(to: group)
        return router
    }
}

/// Serves until it is stopped, and then a while longer whoever is at something.
private struct AdminListener<Served: ApplicationProtocol>: Service {
    let application: Served
    let connections: AdminConnections

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await gracefulShutdown()
                // Whoever does not read, or does not send, would keep the service from ending.
                try await Task.sleep(for: .seconds(Limits.adminStopSeconds))
                connections.closeAll()
            }
            try await application.run()
            tasks.cancelAll()
            try? await tasks.waitForAll()
        }
    }
}
