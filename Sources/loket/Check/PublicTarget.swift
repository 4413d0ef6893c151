// Identifies the program at the public URL by its answer to a forged request: a path of loket, or
// the proxy in front of loket.

import AsyncHTTPClient
import DokuSimulator
import DokuWire
import LoketCore
import LoketGateway
import LoketRuntime
import LoketSystem
import NIOCore

enum PublicTarget: Equatable {
    case inquiries
    case notifications
    /// Loket's gateway, at an unknown path.
    case unknownPath
    case redirected(to: String)
    /// The listener of the admin API.
    case adminSide
    /// A program other than loket.
    case byOthers

    init(_ answer: DokuAnswer) {
        let refused = Reply(unsigned: .unverified)
        // A refusal by a proxy has a page or requires a login.
        let isBare =
            answer.body.isEmpty && answer.header("Content-Type") == nil
            && answer.header("WWW-Authenticate") == nil
        switch answer.status {
        case refused.status where answer.body == refused.body: self = .inquiries
        case Reply(.unverifiedNotification).status where isBare: self = .notifications
        case Reply(.unknownTarget).status where isBare: self = .unknownPath
        case _ where answer.header("Content-Type") == "application/problem+json": self = .adminSide
        case 300..<400: self = .redirected(to: answer.redirection ?? "an unknown URL")
        default: self = .byOthers
        }
    }

    var isOurs: Bool { self == .inquiries || self == .notifications }

    /// Returns entries for the path and for the forged request.
    func entries(of answer: DokuAnswer, at url: CheckedURL) -> [CheckEntry] {
        let forged = CheckEntry.fine(
            "forgery", "a forged request is refused by loket (\(answer.status))")
        switch self {
        case .inquiries: return [.fine("path", "inquiries arrive at \(url.path)"), forged]
        case .notifications: return [.fine("path", "notifications arrive at \(url.path)"), forged]
        case .unknownPath:
            return [
                .problem(
                    "path",
                    "the request reaches loket with a path that loket does not know; let the proxy "
                        + "forward \(url.path) unchanged, and set gateway.inquiry_path or "
                        + "gateway.notification_path to this path")
            ]
        case .redirected(let place):
            return [
                .problem(
                    "redirect",
                    "the URL redirects (\(answer.status)) to \(place), but DOKU follows no "
                        + "redirects: register the final URL")
            ]
        case .adminSide:
            return [
                .problem(
                    "path",
                    "the URL reaches loket's admin listener, which must not be public: let the "
                        + "proxy forward to the gateway's port")
            ]
        case .byOthers:
            return [
                .problem(
                    "forgery",
                    "the answer \(answer.status) is not from loket: \(Self.remedy(answer.status))")
            ]
        }
    }

    private static func remedy(_ status: Int) -> String {
        switch status {
        case 401, 403: "the proxy requires a login, or a firewall blocks the path; allow the path"
        case 404: "the proxy does not forward this path; add the path to the proxy"
        case 502, 503, 504:
            "the proxy does not reach loket; it must forward to gateway.host and gateway.port"
        default: "another program answers; let the proxy forward this path to loket's gateway"
        }
    }
}

extension DokuRequest {
    /// Returns a request with all headers of a DOKU request and an unknown Client-Id. The service
    /// therefore adds it neither to the quarantine nor to an account's refused requests.
    static func forged(to path: String) -> DokuRequest {
        Doku(clientID: "loket-check", secret: randomBytes(32), signedTarget: path).request(
            body: Array("{}".utf8), requestID: Doku.newRequestID(), timestamp: Moment.now.utcText)
    }
}

/// A request that the service can verify, because it is signed with a secret of the service.
struct SignedProbe {
    let clientID: String
    let secret: Secret
    let target: String

    /// A body with line feeds, spaces and non-ASCII letters, which a filter would rewrite.
    private static let body = Array("{ \"loket\": \"cek – pemeriksaan\"\n}\n".utf8)

    func request(at now: Moment) -> DokuRequest {
        let (id, time) = (Doku.newRequestID(), now.utcText)
        let signature = secret.signature(
            over: Signature.component(
                .request, clientID: clientID, requestID: id, timestamp: time, target: target,
                body: Self.body))
        return DokuRequest(
            method: "POST", target: target,
            headers: [
                Header("Content-Type", "application/json"), Header("Client-Id", clientID),
                Header("Request-Id", id), Header("Request-Timestamp", time),
                Header("Signature", signature),
            ],
            body: Self.body)
    }

    func hasSigned(_ answer: DokuAnswer, to request: DokuRequest) -> Bool {
        guard let time = answer.header("Response-Timestamp"), let given = answer.header("Signature")
        else { return false }
        let component = Signature.component(
            .response, clientID: clientID, requestID: request.header("Request-Id") ?? "",
            timestamp: time, target: target, body: answer.body)
        return equalInConstantTime(secret.signature(over: component), given)
    }
}

struct PublicClient {
    private static let timeout = TimeAmount.seconds(10)

    private let base: String
    private let client: HTTPClient

    init(base: String, roots: TrustRoots) {
        self.base = base
        client = .tryingOnce(connect: Self.timeout) {
            $0.tlsConfiguration = roots.configuration(.none)
            $0.httpVersion = .http1Only
        }
    }

    func end() async {
        try? await client.shutdown()
    }

    func send(_ request: DokuRequest) async throws -> DokuAnswer {
        try await client.send(request, to: base, timeout: Self.timeout)
    }
}

extension DokuAnswer {
    /// The target of a redirect; nil for another status.
    var redirection: String? {
        (300..<400).contains(status) ? header("Location") ?? "an unknown URL" : nil
    }
}
