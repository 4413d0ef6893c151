// The server that the merchant connects to: Hummingbird, its routes and the checks before them.

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The admin listener of a service.
package struct AdminServer: Sendable {
    let runtime: Runtime
    let watch: ServiceWatch
    /// The maximum number of open connections.
    let connectionsMax: Int

    package init(runtime: Runtime, watch: ServiceWatch, connectionsMax: Int) {
        self.runtime = runtime
        self.watch = watch
        self.connectionsMax = connectionsMax
    }

    package func makeService() -> some Service {
        let (readiness, metrics, settings) = (runtime.readiness, runtime.metrics, runtime.settings)
        let port = settings.admin.listener.port
        let connections = AdminConnections(
            max: connectionsMax, whenFull: metrics.countAdminConnectionClosed)
        let application = Application(
            responder: AdminResponder(
                makeRouter(connections).router, hosts: HostCheck(registry: runtime.registry)),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        connections.makeHandler(),
                        BodyPace(graceMilliseconds: settings.limits.bodyGraceMilliseconds),
                    ],
                    idleTimeout: .seconds(Limits.idleSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.admin.listener.host, port: port)),
            onServerRunning: { channel in
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.closeOnExec()
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(metrics: metrics), position: .first)
                }.get()
                readiness.adminListens(on: channel.localAddress?.port ?? port)
            },
            logger: runtime.log.quiet)
        return AdminListener(application: application, connections: connections)
    }

    /// The routes of the API as in the router, such as `GET /admin/v1/bills/{id}`. Those of the
    /// counter page are not part of it.
    package var routes: [String] {
        makeRouter(AdminConnections(max: connectionsMax)).router.routes
            .filter { route in !PageRoutes.has("\(route.path)") }
            .map { "\($0.method.rawValue) \($0.path)" }
    }

    /// The routes of the counter page, such as `GET /ui/bills/{id}`.
    package var pageRoutes: [String] {
        makeRouter(AdminConnections(max: connectionsMax)).router.routes
            .filter { route in PageRoutes.has("\(route.path)") }
            .map { "\($0.method.rawValue) \($0.path)" }
    }

    /// The scope that each route under /admin/v1 needs.
    package var scopes: [String: AdminKey.Scope] {
        makeRouter(AdminConnections(max: connectionsMax)).scopes
    }

    private func makeRouter(
        _ connections: AdminConnections
    ) -> (router: Router<AdminContext>, scopes: [String: AdminKey.Scope]) {
        let (store, registry, metrics) = (runtime.store, runtime.registry, runtime.metrics)
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware(log: runtime.log))
        let uses = KeyUses(on: store)
        let delay = FailedKeyDelay(
            slowness: .milliseconds(Limits.wrongKeyMilliseconds),
            places: min(Limits.wrongKeysWaitingMax, connections.share)
        )
        let keys = KeyMiddleware(
            store: store, uses: uses, delay: delay, connections: connections,
            metrics: metrics)
        ReadyRoute(watch: watch, registry: registry, pages: runtime.pages)
            .add(to: router, keys: keys)
        MetricsRoute(runtime: runtime, watch: watch).add(to: router)

        var routes = ScopedRoutes(on: router, keys: keys, then: AdminWriteLog(log: runtime.log))
        let channels = runtime.settings.channels
        BillRoutes(store: store, registry: registry, channels: channels).add(to: &routes)
        BillCancelManyRoute(store: store, registry: registry).add(to: &routes)
        BillEditRoute(store: store, registry: registry, channels: channels).add(to: &routes)
        ImportRoutes(
            store: store, registry: registry, channels: channels, runner: runtime.imports
        ).add(to: &routes)
        let names = ChannelNames(terms: channels)
        PaymentRoutes(store: store, registry: registry, channels: names).add(to: &routes)
        TimelineRoute(store: store, registry: registry, channels: names).add(to: &routes)
        AttentionRoutes(store: store, registry: registry).add(to: &routes)
        NotificationRoutes(runtime: runtime).add(to: &routes)
        EventRoutes(store: store, registry: registry).add(to: &routes)
        WebhookRoutes(runtime).add(to: &routes)
        WebhookActionRoutes(runtime).add(to: &routes)
        StatusRoute(runtime: runtime, watch: watch).add(to: &routes)
        ReconcileRoutes(reconciler: runtime.reconciler).add(to: &routes)
        InquiryRoutes(store: store, registry: registry, why: RequestExplainer(runtime))
            .add(to: &routes)
        SearchRoutes(store: store, registry: registry).add(to: &routes)
        KeyRoutes(store: store, registry: registry, uses: uses).add(to: &routes)
        PauseRoutes(store: store, registry: registry, reconciler: runtime.reconciler)
            .add(to: &routes)
        BackupRoutes(store: store, log: runtime.log).add(to: &routes)
        DocsRoutes(build: runtime.build, scopes: routes.scopes).add(to: router)
        PageRoutes.add(
            to: router, keys: keys, clock: runtime.clock, registry: registry,
            uploads: UploadRoom(store), log: runtime.log)
        return (router, routes.scopes)
    }
}

/// Runs the server until a stop; then finishes current requests within a time limit.
private struct AdminListener<Served: ApplicationProtocol>: Service {
    let application: Served
    let connections: AdminConnections

    func run() async throws {
        // The gateway has threads of its own, which run first on a busy core.
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            loop.execute { BulkExecutor.lowerPriorityOfThisThread() }
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await gracefulShutdown()
                // A client that does not read or send would otherwise prevent the service from
                // ending.
                try await Task.sleep(for: .seconds(Limits.adminStopSeconds))
                connections.closeAll()
            }
            try await application.run()
            tasks.cancelAll()
            try? await tasks.waitForAll()
        }
    }
}
