// `loket check --public-url`: checks what DOKU reaches at the public URL, from DNS to the answer,
// and prints how to fix each problem. Settings are optional, so any machine can run the check. With
// settings, a signed inquiry shows whether the signed data arrives unchanged.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import NIOCore

struct PublicCheck {
    let url: CheckedURL
    let roots: TrustRoots
    /// This machine's settings; nil if there are none.
    let settings: Settings?

    func entries() async -> [CheckEntry] {
        let client = PublicClient(base: url.base, roots: roots)
        let entries = url.isTLS ? await overTLS(client) : [await clear(client)]
        await client.end()
        return entries
    }

    // MARK: Unencrypted HTTP

    /// Reports the problem of an http URL. If http redirects to https, the https URL must be
    /// registered.
    private func clear(_ client: PublicClient) async -> CheckEntry {
        let remedy = "register the https URL at DOKU"
        guard let answer = try? await client.send(.forged(to: url.path)) else {
            return .problem("tls", "http is not encrypted, and the URL does not answer; \(remedy)")
        }
        guard let place = answer.redirection else {
            return .problem(
                "tls",
                "http is not encrypted; set up a proxy with TLS in front of loket, and \(remedy)")
        }
        return .problem("redirect", "the URL redirects (\(answer.status)) to \(place); \(remedy)")
    }

    // MARK: Over TLS

    private func overTLS(_ client: PublicClient) async -> [CheckEntry] {
        let (isFound, names) = url.resolved()
        guard isFound else { return [names] }
        var entries = [names]
        if let port = url.port {
            entries.append(.note("url", "has port \(port); DOKU needs an https URL without a port"))
        }
        let certificate = await CertificateProbe(url: url, roots: roots).outcome()
        entries += certificate.entries
        guard certificate.speaksTLS else { return entries }

        let answer: DokuAnswer
        do {
            answer = try await client.send(.forged(to: url.path))
        } catch {
            let reason = connectionFailure(error) ?? "\(error)"
            return entries + [
                .problem("path", "the URL does not answer: \(reason); check that the proxy runs")
            ]
        }
        let target = PublicTarget(answer)
        entries += target.entries(of: answer, at: url)
        guard target.isOurs else { return entries }
        entries.append(await health(client))
        if target == .inquiries { entries.append(await signed(client)) }
        return entries
    }

    private func health(_ client: PublicClient) async -> CheckEntry {
        let request = DokuRequest(method: "HEAD", target: "/health", headers: [], body: [])
        guard let answer = try? await client.send(request) else {
            return .problem("head", "HEAD /health is not answered; the proxy must forward HEAD")
        }
        return switch answer.status {
        case 200: .fine("head", "HEAD /health is answered 200")
        case 503: .problem("head", "HEAD /health is answered 503: loket is starting or stopping")
        case let status:
            .note(
                "head",
                "HEAD /health is answered \(status); let the proxy forward /health if an uptime "
                    + "check uses it")
        }
    }

    /// Sends an inquiry that is signed as DOKU signs, with a body without a payment code. The
    /// service declines it and records it in the journal as `unreadable`.
    private func signed(_ client: PublicClient) async -> CheckEntry {
        guard let account = settings?.accounts.first, let secret = account.secrets.first else {
            return .note(
                "headers",
                "not checked whether headers and body arrive unchanged, because there are no "
                    + "settings here; run this command on the service's machine too")
        }
        let probe = SignedProbe(clientID: account.clientID, secret: secret, target: url.path)
        let request = probe.request(at: .now)
        guard let answer = try? await client.send(request) else {
            return .problem("headers", "a signed inquiry is not answered; see the proxy's log")
        }
        let why = "`loket why \(request.header("Request-Id") ?? "")` shows which"
        if answer.status == 401 {
            return .problem(
                "headers",
                "a signed inquiry is refused, because a header, the body or the path was changed "
                    + "on the way; \(why)")
        }
        guard probe.hasSigned(answer, to: request) else {
            return .problem(
                "headers",
                "the answer \(answer.status) to a signed inquiry was changed after loket signed "
                    + "it; turn off compression and error pages in the proxy")
        }
        return .fine(
            "headers",
            "headers and body of a signed inquiry arrive unchanged, and so does its answer")
    }
}

extension CheckEntry {
    static func fine(_ probe: String, _ text: String) -> CheckEntry {
        .fine(.publicURL, "\(probe): \(text)")
    }

    static func note(_ probe: String, _ text: String) -> CheckEntry {
        .note(.publicURL, "\(probe): \(text)")
    }

    static func problem(_ probe: String, _ text: String) -> CheckEntry {
        .problem(.publicURL, "\(probe): \(text)")
    }
}

struct CheckedURL {
    /// Scheme, host and port.
    let base: String
    let path: String
    let isTLS: Bool
    /// A host name or IP address, without the brackets of IPv6.
    let host: String
    /// The port; nil if the URL has none.
    let port: Int?

    /// - Throws: `Failure` 2 if the text is not an http or https URL with a path.
    init(_ text: String) throws {
        (base, path) = try splitURL(text)
        let parts = URLComponents(string: base)
        isTLS = parts?.scheme == "https"
        host = (parts?.host ?? "").trimmingCharacters(in: ["[", "]"])
        port = parts?.port
        guard path != "/" else {
            throw Failure(
                .usage,
                "give the whole URL registered at DOKU, such as \(base)/doku/inquiry")
        }
    }

    var isAddress: Bool { NetworkAddress(host) != nil }

    // MARK: Addresses

    func resolved() -> (isFound: Bool, entry: CheckEntry) {
        let addresses = Self.addresses(of: host)
        guard !addresses.isEmpty else {
            return (
                false,
                .problem(
                    "dns",
                    "\(host) has no address; create an A record for this name, or wait until the "
                        + "new record is visible")
            )
        }
        let text =
            isAddress ? host : "\(host) is \(addresses.map(\.description).joined(separator: ", "))"
        guard addresses.allSatisfy(\.isPrivate) else { return (true, .fine("dns", text)) }
        return (
            true,
            .note(
                "dns",
                text + ": DOKU cannot reach a private address; check from outside your network too")
        )
    }

    /// Returns the addresses without duplicates.
    private static func addresses(of host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            let code = getnameinfo(
                info.ai_addr, info.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST)
            let name = String(
                decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if code == 0, let address = NetworkAddress(name), !found.contains(address) {
                found.append(address)
            }
            next = info.ai_next
        }
        return found
    }
}
