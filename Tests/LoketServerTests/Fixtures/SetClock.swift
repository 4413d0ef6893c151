// The clock by which a service of a test judges itself. It goes as the wall clock does and can be
// set forward; the service looks only when it is asked to.

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
