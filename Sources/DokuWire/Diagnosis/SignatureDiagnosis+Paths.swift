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
            "The path signed is the one on which requests reach loket, not the registered one.")
        for path in place.otherPaths {
            list.add(
                .otherRoutePath, path,
                "The path signed is the one of the other route: inquiries and notifications have "
                    + "been mixed up.")
        }
        let known = [signed, place.target] + place.otherPaths
        for path in known {
            if path.hasSuffix("/") {
                list.add(
                    .trailingSlash, String(path.dropLast()),
                    "The path was signed without the slash at its end.")
            } else {
                list.add(
                    .trailingSlash, path + "/", "The path was signed with a slash at its end.")
            }
        }
        for host in hosts {
            for path in Set([signed, place.target]).sorted() {
                for whole in ["https://" + host + path, "http://" + host + path, host + path] {
                    list.add(
                        .fullURL, whole, "The whole URL was signed in place of its path.")
                }
            }
        }
        for path in known {
            if let mark = path.firstIndex(of: "?") {
                list.add(
                    .queryInPath, String(path[..<mark]), "The path was signed without its query.")
            }
            if path.hasPrefix("/") {
                list.add(
                    .leadingSlashMissing, String(path.dropFirst()),
                    "The path was signed without the slash at its beginning.")
            }
        }
        list.add(.pathEmpty, "", "Nothing was signed for the path.")
        list.add(.pathEmpty, "/", "Only a slash was signed for the path.")
        for part in ends(of: signed) {
            list.add(
                .pathPart, part,
                "Only the end of the path was signed, as with a proxy that strips a prefix.")
        }
        list.add(
            .pathCase, signed.lowercased(), "The path was signed in lower case.")
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
                + "\(place.setting) to it. Else on the sender's side: sign"
            : "On the sender's side: sign"
        slips.append(
            SignedSlip(
                finding: SignatureDiagnosis.Finding(
                    mistake, what + (path.isEmpty ? "" : " It was `\(path)`."),
                    fix: "\(ours) `\(place.signedPath)`.")
            ) { $0.target = path })
    }
}
