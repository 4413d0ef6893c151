// Imports over the admin API: upload a file, show its result, cancel it, undo it.

import BillFiles
import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime
import LoketStore
import LoketSystem
import struct NIOCore.ByteBuffer
import ServiceLifecycle

struct ImportRoutes {
    let store: Store
    let registry: AccountRegistry
    let channels: [Channel: Settings.ChannelTerms]
    let runner: ImportRunner

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "imports", .write, use: create)
        routes.on(.get, "imports", .read, use: list)
        routes.on(.get, "imports/:id", .read, use: show)
        routes.on(.get, "imports/:id/rows", .read, use: rows)
        routes.on(.post, "imports/:id/cancel", .write, use: cancel)
        routes.on(.post, "imports/:id/undo", .write, use: undo)
    }

    // MARK: Uploading

    /// Receives the file as it streams in; GET then shows the import's progress.
    @Sendable private func create(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let wish: ImportOptions
        let record: ImportRecord
        let stage: ImportStage
        do {
            wish = try await ImportOptions(
                request, registry: registry, context: context, store: store)
            (record, stage) = try await begin(wish, request)
        } catch let shortage as DiskRoom.Shortage {
            return EarlyRefusal.refuse(request, with: Problem(shortage), closes: false)
        } catch let problem as Problem {
            // The service does not read the remaining body of a long refused file.
            return EarlyRefusal.refuse(request, with: problem, closes: false)
        }
        let placement = BillRules(
            registry: registry, channels: channels, only: wish.stored.accountID)
        do {
            let sum = try await cancelWhenGracefulShutdown {
                try await withTaskExecutorPreference(BulkExecutor.shared) {
                    var reception = ImportUpload(
                        store: store, stage: stage, placement: placement, clientID: wish.clientID,
                        options: wish.file)
                    try await reception.receive(request.body)
                    // A stop of the service may look like the end of the file.
                    try Task.checkCancellation()
                    return reception.sum
                }
            }
            try await store.importReceived(
                record.id, bytes: sum.bytes, rows: sum.rows, refused: sum.refused)
        } catch {
            let error = store.explained(error)
            await abandon(record, stage, because: error)
            throw error
        }
        context.note.add(["id": "\(record.id)"])
        return try await page(of: record.id, .accepted, context: context) { runner.take($0) }
    }

    private func begin(
        _ wish: ImportOptions, _ request: Request
    ) async throws -> (ImportRecord, ImportStage) {
        let announced = request.headers[.contentLength].flatMap { Int64($0) } ?? 0
        guard announced <= Limits.importFileBytesMax else { throw ImportUpload.tooLarge }
        // The staged rows need about as many bytes as the file.
        try await store.checkRoom(for: announced)
        guard let begun = try await store.beginImport(wish.stored, now: .now) else {
            throw Problem(
                .tooManyImports,
                "\(Limits.importsAtOnce) imports are in progress; wait until one has finished")
        }
        return begun
    }

    /// Ends the import even if the request's task is cancelled.
    private func abandon(
        _ record: ImportRecord, _ stage: ImportStage, because error: any Error
    ) async {
        let reason =
            error is CancellationError
            ? "the service stopped before the whole file had arrived"
            : (error as? Problem)?.detail ?? "the file is incomplete: \(error)"
        try? await store.endImport(
            record.id, as: .failed, failure: reason + "; nothing was applied", now: .now)
        store.dropStage(stage)
    }

    // MARK: Watching

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters.union(["account"]))
        let accountID = try context.account(parameters["account"], in: registry)
        let page = try Page(parameters, of: ["imports", accountID?.description])
        let records = try await store.imports(
            accountID: accountID, before: page.before, limit: page.limit + 1)
        let names = registry.clientIDs
        return page.response(of: records, id: \.id) { object, record in
            record.write(to: &object, accounts: names, progress: runner.progress(of: record.id))
        }
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await page(
            of: try context.id("import"), notes: NotesPage(request), context: context)
    }

    /// The refused rows as CSV.
    @Sendable private func rows(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(["outcome"])
        let refused = ImportNote.Outcome.refused.rawValue
        guard parameters["outcome"] == nil || parameters["outcome"] == refused else {
            throw Problem.noneOf("outcome", [refused])
        }
        let id = try context.id("import")
        guard let record = try await store.import(id: id), context.maySee(record.accountID) else {
            throw unknown(id)
        }
        guard record.state != .running else { throw Self.notDone(id) }
        let kept = try await store.importRefusedRows(of: record)
        let header = kept.header.flatMap { FileHeader(json: $0) } ?? FileHeader.none
        let bytes = RefusedRowsCSV.write(header, kept.rows, record.fileOptions)
        var headers: HTTPFields = [.contentType: "text/csv; charset=utf-8"]
        for (name, count) in [
            ("Loket-Rows", Int64(kept.rows.count)), ("Loket-Refused", record.difference.refused),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = "\(count)" }
        }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func notDone(_ id: Int64) -> Problem {
        Problem(.importNotDone, "import \(id) is still running; wait until it has finished")
    }

    private func page(
        of id: Int64, _ status: HTTPResponse.Status = .ok, notes wanted: NotesPage = NotesPage(),
        context: AdminContext, then: (ImportRecord) -> Void = { _ in }
    ) async throws -> Response {
        guard let record = try await store.import(id: id),
            context.accountID == nil || context.accountID == record.accountID
        else { throw unknown(id) }
        then(record)
        let notes = try await store.importNotes(
            of: record, wanted.outcome, after: wanted.after, limit: wanted.limit + 1)
        let causes = try await store.importCauses(of: record)
        let names = registry.clientIDs
        return .json(status) { object in
            record.write(to: &object, accounts: names, progress: runner.progress(of: id))
            object.array("causes") { list in
                for cause in causes { list.object { cause.write(to: &$0) } }
            }
            object.object("notes") { wanted.write(notes, to: &$0) }
        }
    }

    // MARK: Ending

    @Sendable private func cancel(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        let id = try context.id("import")
        let outcome = try await store.cancelImport(
            id, accountID: context.accountID, actor: context.actor, now: .now)
        switch outcome {
        case .cancelled: runner.cancel(id)
        case .already: break
        case .notCancellable(let record):
            let state = record.state == .running ? "being undone" : record.state.rawValue
            let undo = record.state == .applied ? "; undo it to revert its changes" : ""
            throw Problem(.importNotCancellable, "import \(id) is \(state)\(undo)")
        case .unknown: throw unknown(id)
        }
        return try await page(of: id, context: context)
    }

    @Sendable private func undo(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        let id = try context.id("import")
        let outcome = try await store.beginUndo(
            of: id, accountID: context.accountID, actor: context.actor)
        switch outcome {
        case .begun(let record): runner.take(record)
        case .already: break
        case .running: throw Self.notDone(id)
        case .nothing(let record):
            throw Problem(
                .importNotUndoable,
                "import \(id) is \(record.state.rawValue) and has not created or changed any bill")
        case .unknown: throw unknown(id)
        }
        return try await page(of: id, .accepted, context: context)
    }

    private func unknown(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no import \(id)")
    }
}
