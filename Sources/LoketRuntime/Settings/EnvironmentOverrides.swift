// The environment variables that replace a scalar of the settings file. The name of a variable is
// derived from the path of its setting: LOKET_GATEWAY_PORT replaces `gateway.port`. A misspelt
// variable must not be ignored silently, so an unknown variable with the prefix LOKET_ is refused.

import LoketStore

enum SettingsVariables {
    private static let prefix = "LOKET_"
    private static let testPrefix = "LOKET_TEST_"
    /// Variables that other parts of the product read, and that are not settings.
    private static let elsewhere: Set<String> = [
        "LOKET_ADMIN_KEY", "LOKET_SECRET", "LOKET_TORTURE", "LOKET_URL",
    ]

    static func name(for path: String) -> String {
        prefix + path.uppercased().replacing(".", with: "_")
    }

    static func isOurs(_ name: String) -> Bool {
        name.hasPrefix(prefix)
    }

    static func isElsewhere(_ name: String) -> Bool {
        elsewhere.contains(name) || name.hasPrefix(testPrefix)
    }

    /// Whether Kubernetes sets the variable. For a Kubernetes service called `loket…`, each pod has
    /// variables with its address: LOKET_SERVICE_HOST, LOKET_PORT=tcp://…,
    /// LOKET_PORT_8080_TCP_ADDR. For a service called `loket-gateway`, one of them has the name of
    /// a setting: LOKET_GATEWAY_PORT=tcp://….
    static func isInjected(_ name: String, text: String) -> Bool {
        if name.contains("_SERVICE_HOST") || name.contains("_SERVICE_PORT") { return true }
        if name.hasSuffix("_PORT"), isServiceAddress(text) { return true }
        return name.contains("_PORT_")
            && protocols.contains { name.contains("_" + $0.uppercased()) }
    }

    /// Whether a text has the form `tcp://10.0.0.7:8080`.
    private static func isServiceAddress(_ text: String) -> Bool {
        guard protocols.contains(where: { text.hasPrefix($0 + "://") }),
            let port = text.split(separator: ":").last
        else { return false }
        return UInt16(port) != nil
    }

    private static let protocols = ["tcp", "udp", "sctp"]

    static func ignoredMessage(_ name: String) -> String {
        "\(name) is ignored: Kubernetes sets this variable to a service's address. To prevent it, "
            + "put `enableServiceLinks: false` in the pod's spec, or rename the service"
    }

    static func unknownMessage(_ name: String, known: Set<String>) -> String {
        if name.hasPrefix(prefix + "ACCOUNTS") {
            return "accounts have no environment variables: set them in the settings file"
        }
        guard let near = nearest(to: name, among: known) else {
            return "no setting has this environment variable: unset it"
        }
        return "no setting has this environment variable; did you mean \(near)?"
    }
}
