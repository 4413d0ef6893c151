// The errors of the admin API as RFC 9457 problem details, with a stable type for each cause. Only
// this file assigns HTTP statuses to causes.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketStore
import NIOCore

package struct Problem: Error, Sendable, Equatable {
    package enum Cause: String, CaseIterable, Sendable {
        case hostMalformed = "host_malformed"
        case hostUnknown = "host_unknown"
        case malformedJSON = "malformed_json"
        case unknownField = "unknown_field"
        case unknownParameter = "unknown_parameter"
        case invalidParameter = "invalid_parameter"
        case invalidValue = "invalid_value"
        case keyMissing = "key_missing"
        case tooManyRequests = "too_many_requests"
        case scopeMissing = "scope_missing"
        case accountForbidden = "account_forbidden"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case invoiceNumberTaken = "invoice_number_taken"
        case invoiceNumberAmbiguous = "invoice_number_ambiguous"
        case codeTaken = "code_taken"
        case codesExhausted = "codes_exhausted"
        case billClosed = "bill_closed"
        case billOpen = "bill_open"
        case countChanged = "count_changed"
        case preconditionRequired = "precondition_required"
        case preconditionFailed = "precondition_failed"
        case paymentResolved = "payment_resolved"
        case nothingToResolve = "nothing_to_resolve"
        case attentionResolved = "attention_resolved"
        case paymentUndecided = "payment_undecided"
        case decisionOvertaken = "decision_overtaken"
        case checkStatusOff = "check_status_off"
        case keyNameTaken = "key_name_taken"
        case lastKey = "last_key"
        case tooManyWebhooks = "too_many_webhooks"
        case importNotDone = "import_not_done"
        case importNotUndoable = "import_not_undoable"
        case importNotCancellable = "import_not_cancellable"
        case tooManyImports = "too_many_imports"
        case backupRunning = "backup_running"
        case reconcileFirst = "reconcile_first"
        case cursorGone = "cursor_gone"
        case bodyTooLarge = "body_too_large"
        case bodyBroken = "body_broken"
        case bodyTooSlow = "body_too_slow"
        case notJSON = "not_json"
        case mediaTypeUnknown = "media_type_unknown"
        case billDamaged = "bill_damaged"
        case paymentDamaged = "payment_damaged"
        case insufficientStorage = "insufficient_storage"
        case storeFailed = "store_failed"
        case unexpected

        var status: HTTPResponse.Status {
            switch self {
            case .hostMalformed, .malformedJSON, .unknownField, .unknownParameter,
                .invalidParameter, .bodyBroken:
                .badRequest
            case .hostUnknown: .misdirectedRequest
            case .invalidValue: .unprocessableContent
            case .keyMissing: .unauthorized
            case .scopeMissing, .accountForbidden: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .invoiceNumberTaken, .invoiceNumberAmbiguous, .codeTaken, .codesExhausted,
                .billClosed, .billOpen, .countChanged, .paymentResolved, .nothingToResolve,
                .paymentUndecided, .decisionOvertaken, .attentionResolved, .checkStatusOff,
                .keyNameTaken, .lastKey, .tooManyWebhooks, .importNotDone, .importNotUndoable,
                .importNotCancellable, .backupRunning, .reconcileFirst:
                .conflict
            case .tooManyRequests, .tooManyImports: .tooManyRequests
            case .bodyTooSlow: .requestTimeout
            case .preconditionRequired: .preconditionRequired
            case .preconditionFailed: .preconditionFailed
            case .cursorGone: .gone
            case .bodyTooLarge: .contentTooLarge
            case .notJSON, .mediaTypeUnknown: .unsupportedMediaType
            case .billDamaged, .paymentDamaged, .unexpected: .internalServerError
            case .insufficientStorage: .init(code: 507, reasonPhrase: "Insufficient Storage")
            case .storeFailed: .serviceUnavailable
            }
        }

        var title: String {
            switch self {
            case .hostMalformed: "The request has no valid Host header"
            case .hostUnknown: "The request is for another host"
            case .malformedJSON: "The body is not strict JSON"
            case .unknownField: "The body has a field that does not exist"
            case .unknownParameter: "A query parameter does not exist"
            case .invalidParameter: "A query parameter is wrong"
            case .invalidValue: "A value is wrong"
            case .keyMissing: "An admin key is needed"
            case .tooManyRequests: "The key has too many requests in progress"
            case .scopeMissing: "The key does not have the required scope"
            case .accountForbidden: "The key is for another account"
            case .notFound: "The resource was not found"
            case .methodNotAllowed: "The method is not allowed here"
            case .invoiceNumberTaken: "The invoice number belongs to another bill"
            case .invoiceNumberAmbiguous: "The invoice number could be confused with another one"
            case .codeTaken: "The payment code is in use"
            case .codesExhausted: "No free payment code could be generated"
            case .billClosed: "The bill is closed"
            case .billOpen: "The bill is not closed"
            case .countChanged: "The number of matching bills has changed"
            case .preconditionRequired: "An edit must name the version of the bill"
            case .preconditionFailed: "The bill has changed since it was read"
            case .paymentResolved: "The payment is already resolved differently"
            case .nothingToResolve: "The payment does not need a decision"
            case .attentionResolved: "The attention entry is already resolved with another note"
            case .paymentUndecided: "The payment has no decision"
            case .decisionOvertaken: "The bill or the payment changed after the decision"
            case .checkStatusOff: "Check Status is not configured"
            case .keyNameTaken: "Another key has this name"
            case .lastKey: "The last key with these scopes cannot be revoked"
            case .tooManyWebhooks: "There are as many webhooks as there may be"
            case .importNotDone: "The import is still running"
            case .importNotUndoable: "The import has nothing to undo"
            case .importNotCancellable: "The import is no longer running"
            case .tooManyImports: "Too many imports are in progress"
            case .backupRunning: "A backup is already running"
            case .reconcileFirst: "A reconciliation with DOKU is needed first"
            case .cursorGone: "The cursor is no longer valid"
            case .bodyTooLarge: "The body is too large"
            case .bodyBroken: "The body is incomplete"
            case .bodyTooSlow: "The body arrived too slowly"
            case .notJSON: "The body must be JSON"
            case .mediaTypeUnknown: "The body's media type is not supported"
            case .billDamaged: "The bill's row is damaged"
            case .paymentDamaged: "The payment's row is damaged"
            case .insufficientStorage: "The disk has too little free space"
            case .storeFailed: "The database failed"
            case .unexpected: "Something unexpected happened"
            }
        }
    }

    /// One fault in the body, with its JSON pointer (RFC 6901).
    package struct Fault: Sendable, Equatable {
        package let pointer: String
        package let detail: String
    }

    package let cause: Cause
    package let detail: String
    package var faults: [Fault] = []

    package init(_ cause: Cause, _ detail: String, faults: [Fault] = []) {
        self.cause = cause
        self.detail = detail
        self.faults = faults
    }

    /// Creates a problem whose detail is taken from `faults`.
    package init(_ cause: Cause, faults: [Fault]) {
        let first = faults.first.map { fault in
            (fault.pointer.isEmpty ? "the body" : fault.pointer + ":") + " " + fault.detail
        }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        self.init(cause, (first ?? cause.title) + more, faults: faults)
    }

    init(_ shortage: DiskRoom.Shortage) {
        self.init(.insufficientStorage, "\(shortage)")
    }

    /// A problem with one fault.
    init(_ cause: Cause, at pointer: String, _ detail: String) {
        self.init(cause, faults: [Fault(pointer: pointer, detail: detail)])
    }

    /// Returns the problem of a query parameter with an unknown word.
    static func noneOf(_ parameter: String, _ words: [String]) -> Problem {
        Problem(
            .invalidParameter, "`\(parameter)` must be one of: \(words.joined(separator: ", "))")
    }

    package var response: Response {
        var writer = JSONWriter()
        writer.object { object in
            object.field("type", "urn:loket:problem:" + cause.rawValue)
            object.field("title", cause.title)
            object.field("status", Int64(cause.status.code))
            object.field("detail", detail)
            if !faults.isEmpty {
                object.array("errors") { list in
                    for fault in faults {
                        list.object {
                            $0.field("pointer", fault.pointer)
                            $0.field("detail", fault.detail)
                        }
                    }
                }
            }
        }
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if cause == .keyMissing { headers[.wwwAuthenticate] = "Bearer" }
        if cause == .storeFailed || cause == .tooManyRequests { headers[.retryAfter] = "1" }
        if cause == .bodyTooSlow { headers[.connection] = "close" }
        return Response(
            status: cause.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }
}

extension Response {
    /// Creates a JSON response with a JSONWriter.
    static func json(
        _ status: HTTPResponse.Status = .ok, _ body: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter()
        writer.object(body)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }
}
