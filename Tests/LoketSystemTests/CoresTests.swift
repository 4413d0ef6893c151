// The cores that a process may run on, as the kernel reports them.

import Testing

@testable import LoketSystem

struct CoresTests {
    @Test(
        arguments: [
            ("Name:\tloket\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n", 1),
            ("Cpus_allowed:\tf0\nCpus_allowed_list:\t4-7\n", 4),
            ("Cpus_allowed:\tffffffff,ffffffff,00000001\n", 65),
            ("Cpus_allowed:\t0\n", nil), ("Cpus_allowed_list:\t0-7\n", nil), ("", nil),
        ] as [(String, Int?)])
    func `the cores in a mask are counted`(_ status: String, _ count: Int?) {
        #expect(Cores.allowed(in: status) == count)
    }

    @Test func `this process may run on a core`() throws {
        #expect(try #require(Cores.allowed) >= 1)
    }
}
