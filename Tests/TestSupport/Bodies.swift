// Example bodies, as DOKU sends them or might send them, which the tests read, sign and mutate.

package enum Bodies {
    package static let alfa = """
        {"service":{"id":"ONLINE_TO_OFFLINE"},"acquirer":{"id":"ALFA"},\
        "channel":{"id":"ONLINE_TO_OFFLINE_ALFA"},\
        "online_to_offline_info":{"payment_code":"8896512345678123"},\
        "online_to_offline_inquiry":{"date":"2020-08-11T08:45:42Z","identifier":[]}}
        """

    package static let indomaret = """
        {"service":{"id":"ONLINE_TO_OFFLINE"},"acquirer":{"id":"INDOMARET"},\
        "channel":{"id":"ONLINE_TO_OFFLINE_INDOMARET"},\
        "online_to_offline_info":{"payment_code":"1234500001"},\
        "online_to_offline_inquiry":{"date":"20200811154542",\
        "identifier":[{"name":"STORE_ID","value":"T123"},{"name":"TRX","value":"0"}]}}
        """

    package static let pretty = """
        {
          "service" : {
            "id" : "ONLINE_TO_OFFLINE"
          },
          "acquirer" : {
            "id" : "ALFA"
          },
          "channel" : {
            "id" : "ONLINE_TO_OFFLINE_ALFA"
          },
          "online_to_offline_info" : {
            "payment_code" : "8896512345678123"
          },
          "online_to_offline_inquiry" : {
            "date" : "2020-08-11T08:45:42Z",
            "identifer" : [ ]
          }
        }

        """

    package static let notification = """
        {"order":{"invoice_number":"INV-20210125-0001","amount":150000.00},\
        "transaction":{"status":"SUCCESS","date":"2021-08-12T07:06:28Z"},\
        "online_to_offline_payment":{"identifier":[{"name":"AGENT_ID","value":"ALFAMART"}]},\
        "additional_info":{"a":null,"b":true,"c":false,"d":[-1,0.5,1e3,2E-2,[[]],{}],"e":""}}
        """

    package static let escaped = #"""
        {"\u0073ervice":{"id":"ONLINE\u005fTO\u005FOFFLINE"},"channel":{"id":"\\\/\"\b\f\n\r\t"},\#
        "online_to_offline_info":{"payment_code":"889651\u0031","pair":"\ud83d\ude00\uFFFF"}}
        """#

    package static let unicode = """
        {"customer":{"name":"Zoë Ünlü 北京 \u{1F600}","catatan":"\u{7F}\u{80}\u{7FF}\u{FFFF}"},\
        "\u{E9}":1,"e\u{301}":2,"list":["\u{10FFFF}","\u{2028}",[{"x":[1,2,3]}]]}
        """

    package static let all = [alfa, indomaret, pretty, notification, escaped, unicode]

    /// Returns an object with this many keys, for example more than a linear search covers.
    package static func object(keys count: Int, last: String? = nil) -> String {
        var keys = (0..<count).map { "key\($0)" }
        if let last { keys.append(last) }
        return "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }
}
