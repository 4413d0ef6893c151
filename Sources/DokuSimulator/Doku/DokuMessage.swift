// A request by DOKU and what came back, as bytes and header lines: what is sent, what is printed,
// and what can be saved and read again (SavedRequest).

package struct DokuRequest: Sendable, Equatable {
    package var method: String
    /// The path on the wire, which is not always the one that is signed.
    package var target: String
    package var headers: [Header]
    package var body: [UInt8]

    package init(method: String, target: String, headers: [Header], body: [UInt8]) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The first header of this name, which is compared without case.
    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

package struct DokuAnswer: Sendable, Equatable {
    package var status: Int
    package var headers: [Header]
    package var body: [UInt8]

    package init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [Header] {
    fileprivate func value(of name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
