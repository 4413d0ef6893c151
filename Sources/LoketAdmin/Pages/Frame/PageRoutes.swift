// The routes of the counter page, with what all of them need: a session with an active key, and for
// a form its token and its origin. A screen adds its routes here and its tab in `PageTabs.swift`.

import HTTPTypes
import Hummingbird
import Logging
import LoketRuntime
import LoketStore

/// Adds screens to the router.
///
///     pages.get("bills", use: list)             // GET /ui/bills
///     pages.post("bills/:id/cancel", use: cancel)
struct PageRoutes {
    typealias Show = @Sendable (Visit) async throws -> Response
    typealias Act = @Sendable (Visit, PageForm) async throws -> Response
    typealias Take = @Sendable (Visit, MultipartBody) async throws -> Response

    private let routes: RouterGroup<AdminContext>
    let desk: PageDesk

    /// Adds all routes of the page.
    ///
    /// - Parameter router: a router with all routes of the API.
    static func add(
        to router: Router<AdminContext>, keys: KeyMiddleware, clock: ServiceClock,
        registry: AccountRegistry, uploads: UploadRoom, log: Logger
    ) {
        let desk = PageDesk(
            api: router.buildResponder(), keys: keys, clock: clock, registry: registry,
            log: log)
        let pages = PageRoutes(routes: router.group("ui"), desk: desk)
        PageAssets().add(to: router)
        SignInPage(desk: desk).add(to: router, pages)
        TodayPage().add(to: pages)
        WhyPage().add(to: pages)
        WhyActions().add(to: pages)
        NewBillPage(registry: registry).add(to: pages)
        EditBillPage().add(to: pages)
        CloseBillPages().add(to: pages)
        BillsPage().add(to: pages)
        BillPage().add(to: pages)
        SlipPage(registry: registry).add(to: pages)
        SetupPage(registry: registry).add(to: pages)
        ImportPage(room: uploads).add(to: pages)
        ImportActions().add(to: pages)
        MoneyPage().add(to: pages)
        pages.get("**") { visit in
            throw Problem(.notFound, "\(visit.request.uri.path) is not a page")
        }
        router.get("/") { _, _ in Response.seeOther(PagePlace.today) }
    }

    /// Whether a path of the router is one of the page.
    static func has(_ path: String) -> Bool {
        path == "/" || path.split(separator: "/").first == "ui"
    }

    /// Adds a page.
    func get(_ path: RouterPath, use show: @escaping Show) {
        routes.on(path, method: .get) { [desk] request, context in
            guard let visit = try await desk.visit(request, context, isUse: true) else {
                return SignInPage.response(next: PagePlace(request.head.path))
            }
            return try await desk.answer(visit) { try await show(visit) }
        }
    }

    /// Adds a part of a page, which its script requests. It does not keep the session open.
    func part(_ path: RouterPath, use show: @escaping Show) {
        routes.on(path, method: .get) { [desk] request, context in
            guard let visit = try await desk.visit(request, context, isUse: false) else {
                return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
            }
            return try await desk.answer(visit) { try await show(visit) }
        }
    }

    /// Adds the target of a form.
    func post(_ path: RouterPath, use act: @escaping Act) {
        routes.on(path, method: .post) { [desk] request, context in
            guard request.comesFromOwnPage(desk.hosts) else {
                let words = Words(language: Language(request))
                return PageView.refusal("refused_origin", .forbidden, words)
            }
            let form = try await PageForm(request)
            guard let visit = try await desk.visit(request, context, isUse: true) else {
                return SignInPage.response(request, unsent: form)
            }
            guard form.isOf(visit.session) else {
                return PageView.refusal("refused_form", .forbidden, visit.words)
            }
            return try await desk.answer(visit) { try await act(visit, form) }
        }
    }

    /// Adds the target of a form with a file, which is read while it arrives. The token is its first
    /// field, so that a form from elsewhere ends before its file.
    func upload(_ path: RouterPath, use take: @escaping Take) {
        routes.on(path, method: .post) { [desk] request, context in
            let body: MultipartBody
            let words = Words(language: Language(request))
            do { body = try MultipartBody(request) } catch let problem as Problem {
                return EarlyRefusal.refuse(
                    request, with: PageView.problem(problem, words), closes: false
                ) { for try await _ in request.body {} }
            }
            guard request.comesFromOwnPage(desk.hosts) else {
                return body.ending(
                    with: PageView.refusal("refused_origin", .forbidden, words))
            }
            guard let visit = try await desk.visit(request, context, isUse: true) else {
                let place = PagePlace(request.uri.path)
                return body.ending(with: SignInPage.response(next: place))
            }
            // The file takes longer than the requests to the API after it, which count by themselves.
            if let problem = desk.keys.shareProblem(of: visit.key, on: context) {
                return body.ending(with: PageView.problem(problem, words))
            }
            let response = try await desk.answer(visit) {
                guard try await body.next()?.name == PageForm.tokenField,
                    PageForm.isToken(try await body.text(), of: visit.session)
                else { return PageView.refusal("refused_form", .forbidden, words) }
                return try await take(visit, body)
            }
            return body.ending(with: response)
        }
    }
}
