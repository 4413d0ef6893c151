// `admin.hosts`: which texts are hosts, and why the others are refused.

import Testing

struct SettingsHostTests {
    private func yaml(_ host: String) -> String {
        SettingsDraft.account + "admin:\n  hosts: [\"\(host)\"]\n"
    }

    @Test(arguments: [
        ("loket", "LOKET."), ("pay.example.com", "Pay.Example.com"), ("my_loket", "my_loket"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("10.0.0.7", "10.0.0.7"),
        ("2001:db8::1", "2001:DB8:0:0::1"),
    ])
    func `a name or an address is read, however it is written`(one: String, other: String) throws {
        let read = try [one, other].map { try SettingsDraft.settings(yaml($0)).admin.hosts }
        #expect(read[0].count == 1)
        #expect(read[0] == read[1])
    }

    @Test(arguments: [
        "", " ", "http://loket", "loket:8081", "loket/admin", "[::1]", "10.0.0.0/8", "10.0.0.300",
        "a..b", "-a", "ü.example", "user@loket", "1234",
    ])
    func `a text that is neither a name nor an address is refused with its line`(_ text: String) {
        #expect(
            SettingsDraft.problems(yaml(text)) == [
                "line 7: admin.hosts[0]: must be a host name or an IP address (IPv6 without "
                    + "brackets), without scheme, port and path"
            ])
    }

    @Test(arguments: ["*", "*.example.com", "loket.*"])
    func `a wildcard is refused with the reason`(_ text: String) {
        #expect(
            SettingsDraft.problems(yaml(text)) == [
                "line 7: admin.hosts[0]: must be an exact host name without a wildcard, because "
                    + "anyone could make a matching name for this machine: list each name"
            ])
    }

    @Test func `an empty list means no hosts, and another form is refused`() throws {
        let text = SettingsDraft.account + "admin: { hosts: [] }\n"
        #expect(try SettingsDraft.settings(text).admin.hosts.isEmpty)
        let problems = SettingsDraft.problems(SettingsDraft.account + "admin: { hosts: loket }\n")
        #expect(problems.first?.hasPrefix("line 6: admin.hosts: must be a list") == true)
    }
}
