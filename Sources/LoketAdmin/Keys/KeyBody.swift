// A new key in an admin request: its name, scopes and account. A key cannot grant rights that it
// lacks.

import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct KeyBody {
    let name: String
    let scopes: Set<AdminKey.Scope>
    let accountID: Int64?

    /// - Throws: `Problem` if a field is wrong or the calling key may not grant a right.
    init(_ body: JSONValue, for context: AdminContext, in registry: AccountRegistry) throws {
        try body.refuseUnknownFields(["name", "scopes", "account"])
        var faults: [Problem.Fault] = []
        name = Self.name(body["name"], &faults)
        scopes = Self.scopes(body["scopes"], &faults)
        let clientID = Self.clientID(body["account"], &faults)
        guard faults.isEmpty else { throw Problem(.invalidValue, faults: faults) }

        try Self.refuseLacking(scopes.subtracting(context.key?.scopes ?? []))
        accountID = try Self.accountID(clientID, for: context, in: registry)
        guard accountID == nil || !scopes.contains(.backup) else {
            throw Problem(
                .invalidValue, at: "/scopes",
                "includes `backup`, which is for all accounts: remove `backup` or `account`")
        }
    }

    private static func refuseLacking(_ scopes: Set<AdminKey.Scope>) throws {
        guard !scopes.isEmpty else { return }
        let words = AdminKey.Scope.allCases.filter(scopes.contains).map { "`\($0.rawValue)`" }
        throw Problem(
            .scopeMissing,
            "a key cannot grant a scope that it does not have: \(words.joined(separator: ", "))")
    }

    private static func name(_ value: JSONValue?, _ faults: inout [Problem.Fault]) -> String {
        let text = value?.string ?? ""
        if !(1...Limits.keyNameMax).contains(text.utf8.count)
            || !text.utf8.allSatisfy(isVisibleASCII)
        {
            faults.append(
                Problem.Fault(
                    pointer: "/name",
                    detail: "must be a string of 1 to \(Limits.keyNameMax) visible ASCII "
                        + "characters, no spaces"))
        }
        return text
    }

    private static func scopes(
        _ value: JSONValue?, _ faults: inout [Problem.Fault]
    ) -> Set<AdminKey.Scope> {
        let elements = value?.elements ?? []
        let scopes = elements.compactMap { $0.string.flatMap { AdminKey.Scope(rawValue: $0) } }
        let set = Set(scopes)
        if elements.isEmpty || set.count != elements.count {
            let words = AdminKey.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            faults.append(
                Problem.Fault(
                    pointer: "/scopes",
                    detail: "must be an array of one or more of \(words), each once"))
        }
        return set
    }

    private static func clientID(
        _ value: JSONValue?, _ faults: inout [Problem.Fault]
    ) -> String? {
        guard let value, !value.isNull else { return nil }
        if value.string == nil {
            faults.append(
                Problem.Fault(
                    pointer: "/account", detail: "must be a string with a Client-Id, or null"))
        }
        return value.string
    }

    /// Returns the new key's account; a key of one account allows only that account, the default.
    private static func accountID(
        _ clientID: String?, for context: AdminContext, in registry: AccountRegistry
    ) throws -> Int64? {
        guard let clientID else { return context.accountID }
        let named = registry.ids[clientID]
        guard context.maySee(named) else {
            throw context.forbidden("`account` is not the account of this key")
        }
        guard let named else {
            throw Problem(.invalidValue, at: "/account", "is not a configured Client-Id")
        }
        return named
    }
}
