// One request to the counter page by somebody who has signed in: everything that a screen needs.

import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore

struct Visit: Sendable {
    let request: Request
    let context: AdminContext
    let session: Sessions.Session
    /// The session's key, looked up for this request.
    let key: AdminKey
    let words: Words
    /// The admin API with the session's key.
    let api: LocalAPI
    let now: Moment
    private let registry: AccountRegistry
    fileprivate let sessions: Sessions

    init(
        _ request: Request, _ context: AdminContext, session: Sessions.Session, key: AdminKey,
        desk: PageDesk
    ) {
        self.request = request
        self.context = context
        self.session = session
        self.key = key
        words = Words(language: Language(request))
        api = LocalAPI(desk.api, keyID: key.id, context: context)
        now = desk.clock.now()
        registry = desk.registry
        sessions = desk.sessions
    }

    /// Whether to show buttons. The API refuses a request without the scope in any case.
    var mayWrite: Bool { key.scopes.contains(.write) }

    /// The address of this page, for a form or a link that leads back to it. The target of a form
    /// is no page.
    var place: String {
        guard request.method == .get else { return PagePlace.today }
        return PagePlace(request.head.path)?.text ?? PagePlace.today
    }

    /// An account as people know it: the name in the settings and the Client-Id, which may be
    /// alone; nil for none.
    func account(_ clientID: String?) -> String? {
        guard let clientID else { return nil }
        let name = registry.accounts.first { $0.clientID == clientID }?.name
        return name.map { "\($0) (\(clientID))" } ?? clientID
    }

    /// The id in the address.
    var addressedID: String { context.parameters.get("id") ?? "" }

    // MARK: After a form

    /// Leads back to the page of the form, which says what was done.
    func done(_ key: String, _ values: [String: String] = [:], form: PageForm) -> Response {
        sessions.leave(Sessions.Notice(text: words(key, values)), in: session)
        return leave(form)
    }

    /// Leads to a page, which says what was done.
    func done(_ key: String, _ values: [String: String] = [:], at place: String) -> Response {
        sessions.leave(Sessions.Notice(text: words(key, values)), in: session)
        return .seeOther(place)
    }

    /// Leads back to the page of the form, which says why it was refused.
    func refused(_ problem: Problem, form: PageForm) -> Response {
        let text = words.ifAny("problem_\(problem.cause.rawValue)")
        sessions.leave(
            Sessions.Notice(
                text: text ?? words["problem_other"], isFailure: true,
                detail: text == nil ? problem.detail : nil), in: session)
        return leave(form)
    }

    private func leave(_ form: PageForm) -> Response {
        .seeOther(PagePlace(form["back"])?.text ?? PagePlace.today)
    }

    /// Returns the notice that was left for this page, once. A HEAD request shows nobody a page.
    func takeNotice() -> Sessions.Notice? {
        context.isHead ? nil : sessions.takeNotice(of: session)
    }
}

extension [String: String] {
    /// The parameter `q` without white space at its ends; nil if nothing is left.
    var search: String? {
        guard let text = self["q"]?.drop(while: \.isWhitespace),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        return String(text[...end])
    }
}

extension Visit {
    /// The file that the session is importing; nil sets it free.
    var upload: Sessions.Upload? {
        get { sessions.upload(in: session) }
        nonmutating set { sessions.keep(newValue, in: session) }
    }

    /// Receives a file in one of the few places for files, and keeps it.
    ///
    /// - Throws: `too_many_imports` if there is no place, or what `receive` throws.
    func keep(
        named name: String?, _ receive: () async throws -> UploadedFile
    ) async throws -> Sessions.Upload {
        upload = nil
        guard sessions.takePlace(for: session) else {
            throw Problem(.tooManyImports, "other files are being received; send it again later")
        }
        let file: UploadedFile
        do { file = try await receive() } catch {
            sessions.leavePlace()
            throw error
        }
        sessions.leavePlace()
        let kept = Sessions.Upload(file: file, name: name)
        upload = kept
        return kept
    }

    /// Changes what is known of a file, unless the session keeps another one now.
    @discardableResult func change<Result>(
        _ upload: Sessions.Upload, _ change: (inout Sessions.Upload) -> Result
    ) -> Result? {
        sessions.change(upload, in: session, change)
    }
}

extension Response {
    static func seeOther(_ place: String) -> Response {
        Response(status: .seeOther, headers: [.location: place])
    }
}
