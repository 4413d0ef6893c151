// How far `check` and `restore` have looked at a database.

import LoketStore

extension Progress {
    func show(_ stage: InspectionStage) {
        switch stage {
        case .pages: say("checking pages")
        case .bills(let count, let all):
            show(Step(doing: "checking bills", unit: .rows, total: all), done: count)
        case .notifications(let count, let all):
            show(Step(doing: "checking notifications", unit: .rows, total: all), done: count)
        }
    }
}
