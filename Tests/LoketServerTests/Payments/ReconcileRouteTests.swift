// Reconciliation over the admin API: started, watched, refused where it is disabled.

import LoketCore
import TestSupport
import Testing

struct ReconcileRouteTests {
    private static let path = "/admin/v1/reconcile"

    @Test func `a pass is started and watched over HTTP`() async throws {
        // Nothing listens on this port, and no quote is old enough to be asked about.
        try await withTill({ $0.checkStatus.baseURL = "http://127.0.0.1:9" }) { service in
            #expect(try await service.admin.get(Self.path).string("state") == "idle")
            let started = try await service.admin.post(Self.path, "{}")
            #expect(started.status == 202)
            #expect(started.string("started_at") != nil)
            try await eventually {
                try await service.admin.get(Self.path).string("state") == "done"
            }
            let done = try await service.admin.get(Self.path).json()
            #expect(done["asked"]?.integer == 0)
            #expect(done["problems"]?.elements.isEmpty == true)
            #expect(done["finished_at"]?.string != nil)
            try expectProblem(
                try await service.admin.post(Self.path, #"{"all":true}"#), 400, "unknown_field")
            try expectProblem(
                try await service.admin.get(Self.path + "?x=1"), 400, "unknown_parameter")
        }
    }

    @Test func `a disabled reconciliation is refused with the reason`() async throws {
        try await withTill { service in
            let shown = try await service.admin.get(Self.path)
            #expect(shown.string("state") == "off")
            let refused = try await service.admin.post(Self.path, "{}")
            try expectProblem(refused, 409, "check_status_off")
        }
    }
}
