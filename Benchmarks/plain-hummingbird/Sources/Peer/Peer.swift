// Signed inquiries answered by Hummingbird, GRDB, Codable and swift-crypto. It keeps no journal,
// checks no row's checksum and reads no amounts by date.
//
//     Peer    # PORT, DATABASE, CLIENT_ID, SECRET_FILE and INQUIRY_PATH in the environment

import Foundation
import GRDB
import Hummingbird
import Logging

@main
struct Peer {
    static func main() async throws {
        let variables = ProcessInfo.processInfo.environment
        let signing = Signing(
            clientID: try variables.required("CLIENT_ID"),
            target: try variables.required("INQUIRY_PATH"),
            secret: try Data(
                contentsOf: URL(fileURLWithPath: variables.required("SECRET_FILE"))))
        let bills = try Bills(path: variables.required("DATABASE"), clientID: signing.clientID)
        let controller = InquiryController(signing: signing, bills: bills)

        let router = Router()
        router.post(RouterPath(signing.target), use: controller.answer)
        var logger = Logger(label: "peer")
        logger.logLevel = .warning
        let application = Application(
            router: router,
            configuration: .init(
                address: .hostname("127.0.0.1", port: Int(try variables.required("PORT")) ?? 0)),
            onServerRunning: { channel in
                let line = "listening \(channel.localAddress?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            },
            logger: logger)
        try await application.runService()
    }
}

struct MissingVariable: Error {
    let name: String
}

extension [String: String] {
    func required(_ name: String) throws -> String {
        guard let value = self[name] else { throw MissingVariable(name: name) }
        return value
    }
}
