// Certificates of an issuer of the test's own, made by openssl.

import Foundation

package enum Certificates {
    /// The name of the file with the issuer's certificate.
    package static let issuer = "ca.pem"

    /// Creates `file.crt`, `file.key` and both together as `file.pem`, and the issuer if the folder
    /// has none.
    ///
    /// - Parameters:
    ///   - names: host names and IPv4 addresses.
    ///   - days: from now.
    package static func make(
        _ file: String, of names: [String], days: Int = 90, in folder: URL
    ) throws {
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        let list = names.map { ($0.last?.isNumber == true ? "IP:" : "DNS:") + $0 }
            .joined(separator: ",")
        try Program.run(
            "sh", "-ec",
            """
            [ -e \(issuer) ] ||
                openssl req -x509 \(key) -keyout ca.key -out \(issuer) -subj /CN=test -days 2
            printf 'subjectAltName=\(list)' > names
            openssl req \(key) -keyout \(file).key -out request -subj /CN=\(names[0])
            openssl x509 -req -in request -CA \(issuer) -CAkey ca.key -CAcreateserial \
                -days \(days) -extfile names -out \(file).crt
            cat \(file).key \(file).crt > \(file).pem
            """, in: folder)
    }
}
