// The merchant of these tests: two accounts with their BINs and secrets, as settings, and DOKU's
// side of each. The signed path differs from the path on the wire, as behind a proxy.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime

enum Shop {
    static let clientID = "MCH-0001-10791114622547"
    /// Has its own direct BIN, and a BIN that the first account has too.
    static let neighbourID = "BRN-0227-1754893463001"

    static let exclusive = "889651"
    static let direct = "12345"
    static let shared = "54321"
    static let neighbourBIN = "77777"

    /// The build information of the program.
    static let build = BuildInfo(commit: "0123456789ab+changes", swift: "6.3.1")

    static let target = "/doku/inquiry"
    static let signedTarget = "/pay/doku/inquiry"

    /// The secrets are new in each run.
    private static let environment = [
        "FIRST": "SK-" + UUID().uuidString, "SECOND": "SK-" + UUID().uuidString,
        "NEIGHBOUR": "SK-" + UUID().uuidString,
    ]

    private static let yaml = """
        gateway:
          host: 127.0.0.1
          port: 0
          inquiry_path: \(target)
          inquiry_signed_path: \(signedTarget)
        admin: { host: 127.0.0.1, port: 0 }
        database: loket.db
        accounts:
          - client_id: \(clientID)
            secrets: [{ env: FIRST }, { env: SECOND }]
            bins:
              - { bin: "\(exclusive)", type: doku_exclusive, channels: [alfa] }
              - bin: "\(direct)"
                type: direct
                channels: [alfa, indomaret]
                code_length: { min: 8, max: 25 }
              - { bin: "\(shared)", type: direct, channels: [alfa] }
          - client_id: \(neighbourID)
            secrets: [{ env: NEIGHBOUR }]
            bins:
              - { bin: "\(neighbourBIN)", type: direct, channels: [alfa] }
              - { bin: "\(shared)", type: direct, channels: [alfa] }
        """

    /// - Parameters:
    ///   - folder: where the database will be.
    ///   - more: further lines of the settings file.
    static func settings(in folder: URL, more: String = "") throws -> Settings {
        try Settings.read(
            yaml: yaml + "\n" + more, file: folder.path + "/loket.yaml",
            environment: environment)
    }

    static let doku = player(clientID, secret: "FIRST")
    static let dokuWithSecondSecret = player(clientID, secret: "SECOND")
    static let neighboursDoku = player(neighbourID, secret: "NEIGHBOUR")
    /// Signs with a secret that no account has.
    static let forger = Doku(
        clientID: clientID, secret: Array("SK-of-nobody-at-all".utf8),
        signedTarget: signedTarget)

    private static func player(_ clientID: String, secret: String) -> Doku {
        Doku(
            clientID: clientID, secret: Array((environment[secret] ?? "").utf8),
            signedTarget: signedTarget)
    }
}

extension Doku {
    static let sampleDate = "2020-08-11T08:45:42Z"

    /// A signed inquiry to the target on the wire.
    func inquiry(
        _ code: String, counter: Counter = .alfa, date: String = sampleDate,
        requestID: String = Doku.newRequestID(), at sent: Moment = .now
    ) -> DokuRequest {
        let body = Doku.inquiryBody(code: code, counter: counter, date: date)
        return signed(body, requestID: requestID, at: sent)
    }

    func signed(
        _ body: [UInt8], requestID: String = Doku.newRequestID(), at sent: Moment = .now
    ) -> DokuRequest {
        request(
            body: body, target: Shop.target, requestID: requestID, timestamp: sent.utcText)
    }
}

extension Settings.Admin {
    /// Listens beyond loopback, as if behind a proxy that does TLS.
    mutating func isOpen(on host: String) {
        listener.host = host
        tlsByProxy = true
    }
}
