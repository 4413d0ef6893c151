// Checks a database's path with the file system only, before SQLite or anything else opens a file
// there: opening a pipe would block.

import Foundation

extension Store {
    /// Checks the folder and SQLite's existing files.
    package static func checkPlace(_ path: String) throws(StoreFault) {
        try checkFolder(of: path)
        try checkFiles(of: path)
    }

    /// Checks those of SQLite's files that exist.
    package static func checkFiles(of path: String) throws(StoreFault) {
        for suffix in ["", "-wal", "-shm"] { try checkFile(path + suffix) }
    }

    /// Checks that files can be created in the database's folder.
    package static func checkFolder(of path: String) throws(StoreFault) {
        let folder = folderOfFile(path)
        var status = stat()
        guard stat(folder, &status) == 0 else {
            guard errno == EACCES else { throw .missingFolder(folder) }
            throw StoreFault(system: EACCES, at: barrier(before: folder))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .missingFolder(folder) }
        guard access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw StoreFault(system: errno, at: folder)
        }
    }

    /// Returns the folder on the path whose contents are not accessible.
    private static func barrier(before folder: String) -> String {
        var place = URL(fileURLWithPath: folder)
        var status = stat()
        repeat { place.deleteLastPathComponent() } while stat(place.path, &status) != 0
        return place.path
    }

    /// Checks a file; a missing file is accepted.
    ///
    /// - Parameter writing: false for a file that is only read.
    static func checkFile(_ path: String, writing: Bool = true) throws(StoreFault) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw StoreFault(system: errno, at: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path) }
        // The mode is checked, because access(2) lets root write to a file meant to be read-only.
        let isOurs = [0, status.st_uid].contains(geteuid())
        if writing, isOurs, status.st_mode & 0o222 == 0 { throw .readOnlyFile(path) }
        guard access(path, writing ? R_OK | W_OK : R_OK) == 0 else {
            throw StoreFault(system: errno, at: path)
        }
    }
}
