// The clock of a service in a test. It runs like the wall clock and can be set forward; the service
// checks itself only when the test asks for it.

import LoketCore
import LoketRuntime
import Synchronization

final class SetClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    var now: Moment { Moment.now.adding(milliseconds: ahead.withLock { $0 }) }

    func goOn(minutes: Int64 = 0, hours: Int64 = 0) {
        ahead.withLock { $0 += (minutes + hours * 60) * 60_000 }
    }

    var serviceClock: ServiceClock {
        ServiceClock(now: { self.now }, interval: nil)
    }
}
