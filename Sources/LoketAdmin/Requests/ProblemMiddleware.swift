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
        } catch {
            let problem = problem(of: error, path: request.uri.path)
            // A browser gets a page.
            guard PageRoutes.has(request.uri.path) else { return problem.response }
            return PageView.problem(problem, Words(language: Language(request)))
        }
    }

    private func problem(of error: any Error, path: String) -> Problem {
        do {
            throw error
        } catch let problem as Problem {
            return problem
        } catch let error as HTTPError {
            return problem(for: error, path: path)
        } catch let shortage as DiskRoom.Shortage {
            log.warning("refused: \(shortage)", metadata: ["path": "\(path)"])
            return Problem(shortage)
        } catch let fault as StoreFault where isForWantOfRoom(fault) {
            log.error("\(fault)", metadata: ["path": "\(path)"])
            return Problem(.storeFailed, "\(fault)")
        } catch StoreFault.damagedBill(let id) {
            return damaged(.billDamaged, .damagedBill(id: id))
        } catch StoreFault.damagedPayment(let id) {
            return damaged(.paymentDamaged, .damagedPayment(id: id))
        } catch let fault as HTTPParserError {
            return broken(fault)
        } catch let fault as IOError {
            // An error of the connection; errors of the store's files are SQLite faults.
            return broken(fault)
        } catch is CancellationError {
            return Problem(.storeFailed, "the service is stopping; try again later")
        } catch {
            log.error("admin request failed: \(error)", metadata: ["path": "\(path)"])
            return Problem(.storeFailed, "the reason is in the service's log")
        }
    }

    private func damaged(_ cause: Problem.Cause, _ fault: StoreFault) -> Problem {
        log.error("\(fault)")
        return Problem(cause, "\(fault)")
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
