// `loket init` by root with the installed package. The machine's own folders are unchanged: in a
// mount namespace the commands see other folders and run as root.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite(.enabled(if: mayMountForItself(), "no view of the file system of one's own"))
    struct PackageFolders {
        @Test func `the group can read root's files, and commands find them`() async throws {
            try await withSite { site in
                let ports = (try Listener.freePort(), try Listener.freePort())
                let script = """
                    set -e
                    mount -t tmpfs tmpfs /etc
                    mount -t tmpfs tmpfs /var/lib
                    mkdir /etc/loket
                    echo 'loket:x:0:0::/:/bin/sh' >/etc/passwd
                    echo 'loket:x:0:' >/etc/group
                    cd /
                    "$0" init --trial --gateway \(ports.0) --admin \(ports.1)
                    find /etc/loket /var/lib/loket -printf '%m %U:%G %p\\n'
                    "$0" check | grep /var/lib/loket/loket.db
                    "$0" status || true
                    """
                let outcome = try await site.run(
                    ["-rm", "sh", "-c", script, Project.command().path], program: "unshare")
                #expect(outcome.code == 0, "\(outcome)")
                for line in [
                    "640 0:0 /etc/loket/loket.yaml", "750 0:0 /etc/loket/secrets",
                    "640 0:0 /etc/loket/secrets/doku", "640 0:0 /etc/loket/send-to-doku.txt",
                    "750 0:0 /var/lib/loket", "  systemctl enable --now loket",
                ] {
                    #expect(outcome.output.contains(line + "\n"), "\(outcome)")
                }
                #expect(
                    outcome.errors.contains("no admin key in /var/lib/loket/loket.db.admin-key"),
                    "\(outcome)")
            }
        }
    }
}

/// Whether a process may become root and mount in separate namespaces.
private func mayMountForItself() -> Bool {
    (try? Program.run("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/etc")) != nil
}
