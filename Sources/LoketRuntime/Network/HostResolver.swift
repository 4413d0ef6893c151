// The addresses of host names, as the system's resolver answers. It may block for many seconds, so
// it runs on threads of its own, and a caller that is cancelled does not wait for it.

import Dispatch
import Foundation
import Synchronization

package struct HostResolver: Sendable {
    /// The reason why a name has no addresses.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Returns the addresses of a name or the address itself; at least one.
    ///
    /// - Throws: `Failure` or `CancellationError`.
    package let addresses: @Sendable (String) async throws -> [NetworkAddress]

    package init(_ addresses: @escaping @Sendable (String) async throws -> [NetworkAddress]) {
        self.addresses = addresses
    }

    /// Uses `getaddrinfo`.
    package static let system = blocking(lookUp)

    /// - Parameter lookUp: returns the addresses, and may block its thread for any time.
    static func blocking(
        _ lookUp: @escaping @Sendable (String) throws -> [NetworkAddress]
    ) -> HostResolver {
        HostResolver { host in
            let waiter = Waiter()
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    waiter.begin(continuation)
                    threads.async { waiter.end(Result { try lookUp(host) }) }
                }
            } onCancel: {
                waiter.end(.failure(CancellationError()))
            }
        }
    }

    private static let threads = DispatchQueue(label: "loket-resolver", attributes: .concurrent)

    private static func lookUp(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw Failure(description: String(cString: gai_strerror(code)).lowercased())
        }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = NetworkAddress(entry.ai_addr), !found.contains(address) {
                found.append(address)
            }
            next = entry.ai_next
        }
        guard !found.isEmpty else { throw Failure(description: "the name has no addresses") }
        return found
    }

    /// Resumes a caller once: with the addresses or by its cancellation, whichever is first.
    private final class Waiter: Sendable {
        private typealias Continuation = CheckedContinuation<[NetworkAddress], any Error>

        private struct State {
            var continuation: Continuation?
            var early: Result<[NetworkAddress], any Error>?
        }

        private let state = Mutex(State())

        func begin(_ continuation: CheckedContinuation<[NetworkAddress], any Error>) {
            let early = state.withLock { state in
                if state.early == nil { state.continuation = continuation }
                return state.early
            }
            if let early { continuation.resume(with: early) }
        }

        func end(_ result: Result<[NetworkAddress], any Error>) {
            let continuation = state.withLock { state in
                defer {
                    state.continuation = nil
                    if state.early == nil { state.early = result }
                }
                return state.continuation
            }
            continuation?.resume(with: result)
        }
    }
}

extension NetworkAddress {
    /// - Parameter pointer: a socket address of IPv4 or IPv6; others give nil.
    fileprivate init?(_ pointer: UnsafeMutablePointer<sockaddr>?) {
        guard let pointer else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let room = socklen_t(text.count)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                _ = inet_ntop(AF_INET, &$0.pointee.sin_addr, &text, room)
            }
        case AF_INET6:
            pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                _ = inet_ntop(AF_INET6, &$0.pointee.sin6_addr, &text, room)
            }
        default: return nil
        }
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}
