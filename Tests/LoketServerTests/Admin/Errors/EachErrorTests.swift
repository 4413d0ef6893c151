// Every error of the admin API over a real socket, from a complete table: the tests fail for a
// cause without a row, for an operation whose documented error has no row, and for an error that
// the operation does not document.

import Testing
@testable import LoketAdmin

struct EachErrorTests {
    /// The requests of one scene are sent one after the other: an error changes nothing.
    @Test(arguments: Provocation.byScene)
    func `an error says what it is and what to do`(_ all: [Provocation]) async throws {
        try await all[0].scene.run { service, client in
            let document = try await OpenAPIReader(service)
            for one in all {
                let answer = try await one.send(by: client)
                try expectProblem(answer, one.status, one.cause)
                let detail = answer.string("detail") ?? ""
                #expect(detail.contains(one.saying), "\(answer.text)")
                guard let operation = one.operation(in: document) else { continue }
                #expect(
                    operation.causes[one.status]?.contains(one.cause) == true,
                    "\(operation) does not document \(one.cause)")
            }
        }
    }

    @Test func `there is a row for each cause and no other`() {
        let provoked = Set(Provocation.all.map(\.cause))
        #expect(provoked == Set(Problem.Cause.allCases.map(\.rawValue)))
    }

    /// A cause that every operation can answer has one row; RouteErrorTests provokes it on every
    /// route. `unexpected` is documented everywhere and never occurs.
    @Test func `each error that an operation documents is provoked there`() async throws {
        try await withService { service in
            let document = try await OpenAPIReader(service)
            let others = Provocation.provokedEverywhere.union(["unexpected"])
            let documented = document.operations.flatMap { operation in
                operation.causes.values.flatMap(\.self).filter { !others.contains($0) }
                    .map { "\(operation): \($0)" }
            }
            let provoked = Provocation.all.filter { !others.contains($0.cause) }.compactMap { one in
                one.operation(in: document).map { "\($0): \(one.cause)" }
            }
            #expect(documented.count > 40)
            let (missing, strange) = (
                Set(documented).subtracting(provoked), Set(provoked).subtracting(documented)
            )
            #expect(missing.isEmpty)
            #expect(strange.isEmpty, "method_not_allowed has no operation")
        }
    }

    @Test func `a lost edit is refused and the bill stays`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let tag = try #require(try await service.admin.tag("/admin/v1/bills/1"))
            #expect(try await service.edit(#"{"amount":1000}"#, tag: tag).status == 200)
            try expectProblem(
                try await service.edit(#"{"amount":2000}"#, tag: tag), 412,
                "precondition_failed")
            #expect(try await service.bill()["amount"]?.integer == 1000)
        }
    }
}
