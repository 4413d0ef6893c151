// Address ranges in the settings: which are read, and which are refused with their line.

import LoketRuntime
import Testing

struct NetworkAddressTests {
    @Test(arguments: [
        "10.0.0.0/8", "192.0.2.1", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32", "::1", "::/0",
    ])
    func `an address or a range is read`(_ text: String) {
        #expect(AddressRange(text) != nil)
    }

    @Test(arguments: [
        "", "x", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0",
        "010.0.0.0/8", "2001:db8::1/64", "::/129", "localhost", "10.0.0.0 /8",
    ])
    func `a text that is not a range is refused with its line`(_ text: String) {
        let yaml = SettingsDraft.account + "gateway:\n  trusted_proxies: [\"\(text)\"]\n"
        #expect(
            SettingsDraft.problems(yaml) == [
                "line 7: gateway.trusted_proxies[0]: must be an IP address or a range such as "
                    + "10.0.0.0/8"
            ])
    }
}
