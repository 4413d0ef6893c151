// Signing in with an admin key and signing out, and the choice of the language. A wrong key is
// answered as slowly as at the API.

import HTTPTypes
import Hummingbird
import Logging
import LoketStore
import NIOCore

struct SignInPage {
    let desk: PageDesk

    private static let path = "/ui/sign-in"

    /// Leads somebody whose session has ended to the sign-in, and from there back.
    static func response(next: PagePlace?) -> Response {
        .seeOther(path.with([("next", next?.text)]))
    }

    func add(to router: Router<AdminContext>, _ pages: PageRoutes) {
        router.get("ui/sign-in", use: show)
        router.post("ui/sign-in", use: signIn)
        router.get("ui/language", use: language)
        pages.post("sign-out", use: signOut)
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(["next"])
        let place = PagePlace(parameters["next"])
        guard try await desk.visit(request, context, isUse: true) == nil else {
            return .seeOther(place?.text ?? PagePlace.today)
        }
        return Self.page(request, next: place, error: nil, nil)
    }

    @Sendable private func signIn(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        guard request.comesFromOwnPage(desk.hosts) else {
            return PageView.refusal(
                "refused_origin", .forbidden, Words(language: Language(request)))
        }
        let form = try await PageForm(request)
        let place = PagePlace(form["next"])
        let unsent = UnsentForm(carriedBy: form)
        guard let text = form["key"] else {
            return Self.page(request, next: place, error: "sign_in_empty", unsent)
        }
        guard let key = try await desk.keys.find(text) else {
            let hasWaited = try await desk.keys.refuseSlowly(context)
            // A flood of wrong keys is counted only.
            if hasWaited { log("sign-in", "wrong key", nil, context) }
            var response = Self.page(request, next: place, error: "sign_in_wrong", unsent)
            if !hasWaited { response.headers[.connection] = "close" }
            return response
        }
        guard key.scopes.contains(.read) else {
            log("sign-in", "scope missing", key, context)
            return Self.page(request, next: place, error: "sign_in_scope", unsent)
        }
        if let old = PageCookie.session.value(in: request) { desk.sessions.end(old) }
        log("sign-in", "signed in", key, context)
        let session = desk.sessions.begin(keyID: key.id, now: desk.clock.now())
        var response =
            unsent?.page(session, next: place, Words(language: Language(request)))
            ?? .seeOther(place?.text ?? PagePlace.today)
        response.headers[.setCookie] = PageCookie.session.header(session.token, for: request)
        return response
    }

    @Sendable private func signOut(_ visit: Visit, form: PageForm) async throws -> Response {
        desk.sessions.end(visit.session.token)
        log("sign-out", "signed out", visit.key, visit.context)
        var response = Self.response(next: nil)
        response.headers[.setCookie] = PageCookie.session.header("", for: visit.request)
        return response
    }

    /// Logs who signed in or out, never the text of a key.
    private func log(_ action: String, _ result: String, _ key: AdminKey?, _ context: AdminContext)
    {
        var fields: Logger.Metadata = [
            "result": "\(result)",
            "source": "\(context.channel.remoteAddress?.ipAddress ?? "unknown")",
        ]
        if let key { fields.merge(["actor": "\(key.name)", "key_id": "\(key.id)"]) { $1 } }
        desk.log.info("admin \(action)", metadata: fields)
    }

    @Sendable private func language(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(["to", "back"])
        var response = Response.seeOther(PagePlace(parameters["back"])?.text ?? PagePlace.today)
        if let language = parameters["to"].flatMap(Language.init(rawValue:)) {
            response.headers[.setCookie] = PageCookie.language.header(
                language.rawValue, for: request)
        }
        return response
    }

    /// Returns the sign-in in place of a form that was sent after the end of its session.
    static func response(_ request: Request, unsent form: PageForm) -> Response {
        let place = PagePlace(form["back"])
        guard !form.typed.isEmpty else { return response(next: place) }
        let unsent = UnsentForm(form, target: request.uri.path)
        return page(request, next: place, error: "sign_in_unsent", unsent)
    }

    /// - Parameter error: the key of the sentence about the field; nil if nothing is wrong.
    private static func page(
        _ request: Request, next: PagePlace?, error: String?, _ unsent: UnsentForm?
    ) -> Response {
        let words = Words(language: Language(request))
        var values: [String: Any] = [:]
        values["next"] = next?.text
        values[error == "sign_in_unsent" ? "unsent" : "error"] = error.map { words[$0] }
        values["carried"] = unsent?.carried
        let status: HTTPResponse.Status =
            switch error {
            case nil: .ok
            case "sign_in_wrong", "sign_in_unsent": .unauthorized
            case "sign_in_scope": .forbidden
            default: .unprocessableContent
            }
        var response = PageView.openPage(
            "signin", title: words["sign_in_title"], values, words,
            place: path.with([("next", next?.text)]), status: status)
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
