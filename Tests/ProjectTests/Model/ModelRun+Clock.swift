// The service's clock: it is set forward, to times at which a bill changes, and back.

import LoketCore
import TestSupport

extension ModelRun {
    private static let second: Int64 = 1_000
    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000
    /// Jakarta is seven hours ahead of UTC all year.
    private static let jakarta: Int64 = 7 * hour

    func jump() {
        switch draw(10) {
        case 0...2: advance(milliseconds: random(in: 0...2 * Self.hour))
        case 3: advance(milliseconds: random(in: 0...30 * Self.hour))
        case 4...6: jumpToChange()
        case 7: jump(near: Self.endOfDay(clock.now).adding(milliseconds: Self.second))
        default: jumpBack()
        }
    }

    /// Goes to a time from which on a bill is answered differently, or a little before or after it.
    private func jumpToChange() {
        let now = clock.now
        let horizon = now.adding(milliseconds: 2 * Self.day)
        let changes = books.bills.suffix(40).flatMap {
            $0.changes(in: Auditor.Span(now, horizon)).dropFirst()
        }
        guard let change = pick(changes) else { return }
        jump(near: change)
    }

    private func jump(near moment: Moment) {
        let distances: [Int64] = [-1_000, -50, -5, 0, 5, 1_000]
        let distance = pick(distances) ?? 0
        advance(milliseconds: moment.milliseconds - clock.now.milliseconds + distance)
    }

    /// Goes back, but not to a time before the last edit or replacement: which amount was valid
    /// before an edit is not defined if the clock was wrong at the edit.
    private func jumpBack() {
        let room = clock.now.milliseconds - lastEdit.milliseconds - Self.second
        let most = pick([Self.second, 90 * Self.second, 2 * Self.hour]) ?? Self.second
        let back = random(in: 1...most)
        advance(milliseconds: -min(back, max(room, 0)))
    }

    func advance(milliseconds: Int64) {
        clock.advance(milliseconds: milliseconds)
        note("  the clock moves by \(milliseconds) ms to \(clock.now.utcMillisecondText)")
    }

    func random(in range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    // MARK: Days in Jakarta

    private static func day(_ moment: Moment) -> Int64 {
        let local = moment.milliseconds + jakarta
        return (local - (local % day + day) % day) / day
    }

    static func beginningOfDay(_ moment: Moment) -> Moment {
        Moment(milliseconds: day(moment) * day - jakarta)
    }

    /// The end that a date means: 23:59:59.
    static func endOfDay(_ moment: Moment) -> Moment {
        beginningOfDay(moment).adding(milliseconds: day - second)
    }

    /// Writes a time: with an offset or, if it is what a bare date means, sometimes as a date.
    ///
    /// - Parameter isBeginning: Whether a date means the beginning of the day.
    func text(of moment: Moment, isBeginning: Bool = false) -> String {
        let ofDate = isBeginning ? Self.beginningOfDay(moment) : Self.endOfDay(moment)
        if moment == ofDate, chance(1, of: 2) { return String(moment.wibText.prefix(10)) }
        return moment.utcMillisecondText
    }
}
