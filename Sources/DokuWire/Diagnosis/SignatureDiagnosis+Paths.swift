// Mistakes in the Request-Target: paths other than the registered path, and other forms of it.

import LoketCore

extension SignedSlip {
    /// - Parameter hosts: the host names in the request's headers.
    static func paths(
        at place: SignatureDiagnosis.Place, hosts: [String]
    ) -> [SignedSlip] {
        var list = PathSlips(place: place)
        let signed = place.signedPath
        list.add(
            .wirePath, place.target,
            "The signed path is the path at which requests reach loket, not the registered path.")
        for path in place.otherPaths {
            list.add(
                .otherRoutePath, path,
                "The signed path belongs to the other route: the URLs for inquiries and for "
                    + "notifications have been exchanged.")
        }
        let known = [signed, place.target] + place.otherPaths
        for path in known {
            if path.hasSuffix("/") {
                list.add(
                    .trailingSlash, String(path.dropLast()),
                    "The signed path lacks the slash at its end.")
            } else {
                list.add(
                    .trailingSlash, path + "/", "The signed path has an extra slash at its end.")
            }
        }
        for host in hosts {
            for path in Set([signed, place.target]).sorted() {
                for whole in ["https://" + host + path, "http://" + host + path, host + path] {
                    list.add(
                        .fullURL, whole, "The whole URL was signed instead of its path.")
                }
            }
        }
        for path in known {
            if let mark = path.firstIndex(of: "?") {
                list.add(
                    .queryInPath, String(path[..<mark]), "The signed path lacks its query.")
            }
            if path.hasPrefix("/") {
                list.add(
                    .leadingSlashMissing, String(path.dropFirst()),
                    "The signed path lacks the slash at its beginning.")
            }
        }
        list.add(.pathEmpty, "", "The signed path is empty.")
        list.add(.pathEmpty, "/", "The signed path is only a slash.")
        for part in ends(of: signed) {
            list.add(
                .pathPart, part,
                "The signed path lacks its beginning, which a proxy may have removed.")
        }
        list.add(
            .pathCase, signed.lowercased(), "The signed path is in lower case.")
        return list.slips
    }

    /// Returns the remainders of a path after one or more leading folders are removed.
    private static func ends(of path: String) -> [String] {
        let folders = path.split(separator: "/")
        guard folders.count > 1 else { return [] }
        return (1..<folders.count).prefix(partsMax).map {
            "/" + folders[$0...].joined(separator: "/")
        }
    }

    private static let partsMax = 4
}

/// The wrong paths, without duplicates and without the right path.
private struct PathSlips {
    let place: SignatureDiagnosis.Place
    private(set) var slips: [SignedSlip] = []
    private var seen: Set<String>

    init(place: SignatureDiagnosis.Place) {
        self.place = place
        seen = [place.signedPath]
    }

    mutating func add(_ mistake: SignatureDiagnosis.Mistake, _ path: String, _ what: String) {
        guard seen.insert(path).inserted else { return }
        let isPath = path.hasPrefix("/") && path != "/"
        let ours =
            isPath
            ? "On your side, if `\(path)` is the path of the URL registered at DOKU: set "
                + "\(place.setting) to this path. Otherwise, on the sender's side: sign the path"
            : "On the sender's side: sign the path"
        slips.append(
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    mistake, what + (path.isEmpty ? "" : " The signed path: `\(path)`."),
                    fix: "\(ours) `\(place.signedPath)`.")
            ) { $0.target = path })
    }
}
