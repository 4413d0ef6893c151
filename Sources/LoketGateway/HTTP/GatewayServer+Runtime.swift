// The gateway of a service: an answerer for each event loop, with a look-up connection of its own.

import LoketRuntime

extension GatewayServer {
    /// - Parameter pulse: shows that the event loops turn.
    package init(_ runtime: Runtime, connectionsMax: Int, pulse: LoopPulse) {
        let settings = runtime.settings
        let responder = InquiryResponder(settings: settings, registry: runtime.registry)
        self.init(
            listener: settings.gateway.listener, routes: GatewayRoute.table(settings.gateway),
            requestMilliseconds: settings.limits.requestMilliseconds,
            connectionsMax: connectionsMax, trustedProxies: settings.gateway.trustedProxies,
            metrics: runtime.metrics, log: runtime.log,
            makeEndpoint: {
                let lookup = try runtime.store.makeLookup()
                let inquiries = InquiryEndpoint(
                    responder: responder, journal: runtime.journal, metrics: runtime.metrics,
                    refusals: runtime.refusals,
                    answerMilliseconds: settings.limits.answerMilliseconds, find: lookup.find)
                let notifications = NotificationEndpoint(
                    verifier: runtime.verifier, store: runtime.store,
                    quarantine: runtime.quarantine, refusals: runtime.refusals,
                    metrics: runtime.metrics)
                return ServiceEndpoint(
                    inquiries: inquiries, notifications: notifications,
                    refusals: runtime.refusals, readiness: runtime.readiness,
                    clock: runtime.clock)
            },
            pulse: pulse, whenListening: runtime.readiness.gatewayListens)
    }
}
