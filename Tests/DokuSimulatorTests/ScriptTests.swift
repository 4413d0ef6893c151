// The script of the walk-through is consistent: unique codes and numbers where required, and every
// bill that it mentions exists.

import DokuSimulator
import LoketCore
import Testing

struct ScriptTests {
    private let script = Script(exclusive: "889651", direct: "12345")

    private var all: [Script.Seed] { script.seeds + [script.paid] }

    @Test func `codes and invoice numbers are unique and well formed`() {
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(Set(all.map(\.invoice)).count == all.count)
        for seed in all {
            #expect(PaymentCode(seed.code) != nil)
            #expect(InvoiceNumber(seed.invoice)?.takesSuffix == true)
            #expect(InvoiceNumber(seed.invoice)?.withoutSuffix == nil)
            #expect(Rupiah(whole: seed.amount) != nil)
        }
    }

    @Test func `a payable scene expects its bill's amount`() throws {
        let payable = script.scenes.filter { $0.expected.status == "success" }
        #expect(!payable.isEmpty)
        for scene in payable {
            let seed = try #require(script.seeds.first { $0.code == scene.code })
            #expect(scene.expected.http == 200)
            #expect(scene.expected.amount == seed.amount)
            #expect(!seed.cancelled && !seed.expires)
            switch try #require(scene.expected.invoice) {
            case .exactly(let number):
                #expect(number == seed.invoice)
                #expect(!seed.reusable)
            case .startsWith(let prefix):
                #expect(prefix == seed.invoice + "-")
                #expect(seed.reusable)
            }
        }
    }

    @Test func `a refused scene expects no quote`() {
        let refused = script.scenes.filter { $0.expected.status != "success" }
        for scene in refused {
            #expect(scene.expected.http != 200)
            #expect(scene.expected.amount == nil)
            #expect(scene.expected.invoice == nil)
            #expect(scene.expected.signed == (scene.expected.http != 401), "\(scene.title)")
        }
    }

    @Test func `the script has every status of an answer`() {
        #expect(
            Set(script.scenes.map(\.expected.status)) == [
                "success", "billing_not_found", "billing_already_paid", "billing_was_expired",
                "decline", "invalid_signature",
            ])
    }

    @Test func `the titles of the scenes are unique`() {
        #expect(Set(script.scenes.map(\.title)).count == script.scenes.count)
    }
}
