// The state of the two listeners. /health reports it to load balancers, /ready to operators.

import Logging
import Synchronization

package final class Readiness: Sendable {
    private struct State {
        var gatewayPort: Int?
        var adminPort: Int?
        var isStopping = false
        var whenUp: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    private let build: BuildInfo
    private let log: Logger

    package init(build: BuildInfo, log: Logger) {
        self.build = build
        self.log = log
    }

    /// - Parameter whenUp: called when both listeners accept connections.
    package func onceUp(_ whenUp: @escaping @Sendable () -> Void) {
        state.withLock { $0.whenUp = whenUp }
    }

    package func gatewayListens(on port: Int) {
        change { $0.gatewayPort = port }
    }

    package func adminListens(on port: Int) {
        change { $0.adminPort = port }
    }

    package func stops() {
        state.withLock { $0.isStopping = true }
    }

    /// Whether both listeners accept connections and no stop was requested.
    package var isUp: Bool {
        state.withLock { $0.gatewayPort != nil && $0.adminPort != nil && !$0.isStopping }
    }

    /// The bound ports; nil until both listeners have a port.
    package var ports: (gateway: Int, admin: Int)? {
        state.withLock { state in
            guard let gateway = state.gatewayPort, let admin = state.adminPort else {
                return nil
            }
            return (gateway, admin)
        }
    }

    private func change(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        guard let ports else { return }
        var fields: Logger.Metadata = [
            "gateway_port": .number(ports.gateway), "admin_port": .number(ports.admin),
        ]
        for (name, value) in build.parts { fields[name] = .string(value) }
        log.info("listening", metadata: fields)
        state.withLock(\.whenUp)()
    }
}
