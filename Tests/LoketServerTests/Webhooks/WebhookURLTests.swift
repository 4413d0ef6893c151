// Which URLs a webhook may have, and to which addresses it may connect.

import Testing
@testable import LoketRuntime

struct WebhookURLTests {
    private static let refused: [(url: String, words: String)] = [
        ("http://erp.example/", "must begin with https://, because over http anyone"),
        ("ftp://erp.example/", "must begin with https://"),
        ("https://user@erp.example/", "must not have a user"),
        ("https://user:pw@erp.example/", "must not have a user"),
        ("https://erp.example/#x", "must not have a fragment"),
        ("https://localhost/", "is on this machine; if that is right, set webhooks.allow"),
        ("https://a.localhost/", "is on this machine"),
        ("https://127.0.0.1/", "leads to 127.0.0.1, which is not an address on the internet"),
        ("https://[::1]/", "leads to ::1, which is not"),
        ("https://10.0.0.7:8443/", "leads to 10.0.0.7"),
        ("https://[::ffff:10.0.0.7]/", "leads to 10.0.0.7"),
        ("https://2130706433/", "no host name and no IP address"),
        ("https://127.1/", "no host name and no IP address"),
        ("https://erp_.1/", "no host name and no IP address"),
        ("https:///x", "must be a URL"), ("https://", "must be a URL"), ("", "must be a URL"),
        ("erp.example", "must be"), ("https://erp.example:0/", "must be a URL"),
        ("https://erp.example:65536/", "must be a URL"),
        ("https://erp.example/ x", "must be a URL"), ("https://erp.example/é", "must be a URL"),
        (#"https://erp.example\@evil.example/"#, "must be a URL"),
        ("https://erp.example/" + String(repeating: "a", count: 2000), "must be a URL"),
    ]

    @Test(arguments: refused.indices)
    func `a URL is refused with the reason`(_ index: Int) {
        let (url, words) = Self.refused[index]
        let refusal = #expect(throws: WebhookURL.Refusal.self) {
            _ = try WebhookURL(url, allowsPrivate: false)
        }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
    }

    @Test(arguments: [
        "https://erp.example/", "https://erp.example", "HTTPS://erp.example/x?y=1",
        "https://erp.example:8443/loket", "https://8.8.8.8/", "https://[2606:4700::1111]/",
    ])
    func `an https URL of a host on the internet is accepted`(_ url: String) throws {
        #expect(try WebhookURL(url, allowsPrivate: false).text == url)
    }

    @Test func `the setting allows http and private addresses, and http to nothing else`() throws {
        for url in ["http://127.0.0.1:9/x", "http://localhost/", "https://10.0.0.7/"] {
            #expect(try WebhookURL(url, allowsPrivate: true).text == url)
        }
        let http = try WebhookURL("http://erp.example/", allowsPrivate: true)
        let (inside, outside) = (NetworkAddress("10.0.0.7"), NetworkAddress("8.8.8.8"))
        #expect(http.refusal(of: try #require(inside)) == nil)
        #expect(http.refusal(of: try #require(outside))?.contains("needs https") == true)
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.8",
        "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
        "203.0.113.255", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::a00:1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "2002:a00:1::1", "2002:c0a8:1::1", "3fff::1", "4000::1", "fc00::1", "fdff::1", "fe80::1",
        "fec0::1", "ff02::1",
    ])
    func `a special address is not public`(_ text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1",
        "128.0.0.1", "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1",
        "198.17.0.1", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1", "2606:4700::1111", "2001:200::1", "2a00:1450::1",
    ])
    func `an address next to the special ones is public`(_ text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }
}
