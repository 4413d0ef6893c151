// The conversion of routes' errors to problem details, so that all errors of the admin API have the
// same form, including Hummingbird's own.

import Hummingbird
import LoketStore
import Logging
import NIOCore
import NIOHTTP1

struct ProblemMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let log: Logger

    func handle(
        _ request: Request, context: AdminContext,
        next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as HTTPError {
            return problem(for: error, path: request.uri.path).response
        } catch let shortage as DiskRoom.Shortage {
            log.warning("refused: \(shortage)", metadata: ["path": "\(request.uri.path)"])
            return Problem(shortage).response
        } catch let fault as StoreFault where isForWantOfRoom(fault) {
            log.error("\(fault)", metadata: ["path": "\(request.uri.path)"])
            return Problem(.storeFailed, "\(fault)").response
        } catch StoreFault.damagedBill(let id) {
            return damaged(.billDamaged, .damagedBill(id: id))
        } catch StoreFault.damagedPayment(let id) {
            return damaged(.paymentDamaged, .damagedPayment(id: id))
        } catch let fault as HTTPParserError {
            return broken(fault).response
        } catch let fault as IOError {
            // An error of the connection; errors of the store's files are SQLite faults.
            return broken(fault).response
        } catch is CancellationError {
            return Problem(.storeFailed, "the service is stopping; try again later").response
        } catch {
            log.error("admin request failed: \(error)", metadata: ["path": "\(request.uri.path)"])
            return Problem(.storeFailed, "the reason is in the service's log").response
        }
    }

    private func damaged(_ cause: Problem.Cause, _ fault: StoreFault) -> Response {
        log.error("\(fault)")
        return Problem(cause, "\(fault)").response
    }

    /// The head was valid, because a route had begun to read the body.
    private func broken(_ fault: any Error) -> Problem {
        Problem(.bodyBroken, "the body is incomplete: \(fault)")
    }

    private func problem(for error: HTTPError, path: String) -> Problem {
        switch error.status {
        case .notFound: return Problem(.notFound, "\(path) is not a route of this service")
        case .contentTooLarge: return Problem(.bodyTooLarge, "send at most 8 MiB")
        case .methodNotAllowed:
            return Problem(.methodNotAllowed, "see /openapi.json for the routes")
        default:
            log.error("admin request failed: \(error)", metadata: ["path": "\(path)"])
            return Problem(.unexpected, error.body ?? error.status.reasonPhrase)
        }
    }
}
