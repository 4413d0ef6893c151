// Which hosts the admin listener answers for. A web page in an operator's browser can have a name
// of its own point at this machine (DNS rebinding); then it asks under that name, and is refused
// whatever it asks for. An address that is written in numbers points nowhere else, and so does
// `localhost`. The port is not compared: a forwarded or published one differs from ours.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import NIOCore

struct HostCheck: Sendable {
    let registry: AccountRegistry

    /// - Returns: nil where the request may be read on.
    func problem(with request: Request, context: AdminContext) -> Problem? {
        // HTTP/1.0 needs none, and there is no browser behind it.
        guard let authority = request.head.authority else { return nil }
        guard let text = HostName.part(of: authority), let host = HostName(text) else {
            return Problem(
                .hostMalformed,
                "send one header `Host`: a name or an address, and perhaps a port")
        }
        let isOurs =
            host.isLoopback || registry.adminHosts.contains(host)
            || NetworkAddress(context.localAddress).map(HostName.address) == host
        guard !isOurs else { return nil }
        return Problem(
            .hostUnknown,
            "the request is for \(text): if this service is to be reached under it, add it to the "
                + "setting `admin.hosts` and send SIGHUP; else ask for localhost")
    }
}
