// The environment variables that may replace a scalar of the settings file, named by its path:
// `gateway.port` is LOKET_GATEWAY_PORT. A misspelt one would be worse than none, so a variable of
// ours that names nothing is refused.

enum SettingsVariables {
    private static let prefix = "LOKET_"
    private static let testPrefix = "LOKET_TEST_"
    /// Read by other parts of the product, never a setting.
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

    /// Set by Kubernetes in every pod beside a service called `loket…`, to say where that is:
    /// LOKET_SERVICE_HOST, LOKET_PORT=tcp://…, LOKET_PORT_8080_TCP_ADDR.
    static func isInjected(_ name: String, text: String) -> Bool {
        if name.contains("_SERVICE_HOST") || name.contains("_SERVICE_PORT") { return true }
        let isAddress = ["tcp://", "udp://"].contains { text.hasPrefix($0) }
        if name.hasSuffix("_PORT"), isAddress { return true }
        return name.contains("_PORT_") && (name.contains("_TCP") || name.contains("_UDP"))
    }

    static func unknownMessage(_ name: String, known: Set<String>) -> String {
        if name.hasPrefix(prefix + "ACCOUNTS") {
            return "accounts are a list and have no variables: set them in the file"
        }
        guard let near = nearest(to: name, among: known) else {
            return "is no setting's variable: unset it"
        }
        return "is no setting's variable; did you mean \(near)?"
    }
}
