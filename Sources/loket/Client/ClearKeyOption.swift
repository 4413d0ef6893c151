// Whether an admin key may leave this machine unencrypted.

import ArgumentParser
import Foundation
import LoketRuntime

struct ClearKeyOption: ParsableArguments {
    @Flag(
        name: .customLong("allow-http"),
        help: "Send the key over http to another machine: in a network of your own.")
    var isAllowed = false

    /// - Parameter base: scheme, host and port of the admin listener.
    /// - Throws: `Failure` 2 where the key would cross a network in clear.
    func check(_ base: String) throws {
        guard !isAllowed, let url = URLComponents(string: base), url.scheme == "http",
            let host = url.host, !FieldRules.isLoopback(host)
        else { return }
        throw Failure(
            .usage,
            "the key would cross the network to \(host) in clear; give the https URL of a proxy "
                + "there, or --allow-http in a network of your own")
    }
}
