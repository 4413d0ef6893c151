// The screens in the menu, in their order. A screen is added here when its page exists.

struct PageTab: Sendable {
    /// The key of its name in `strings.yaml`.
    let name: String
    let path: String

    /// Whether its name is followed by the number of decisions that wait.
    var countsDecisions = false

    static let all = [
        PageTab(name: "tab_today", path: PagePlace.today),
        PageTab(name: "tab_bills", path: BillsPage.path),
        PageTab(name: "tab_money", path: MoneyPage.path, countsDecisions: true),
        PageTab(name: "tab_import", path: ImportPage.path),
        PageTab(name: "tab_setup", path: SetupPage.path),
    ]

    /// Whether an address belongs to the screen.
    func has(_ path: Substring) -> Bool {
        path == self.path
            || self.path != PagePlace.today && path.hasPrefix(self.path + "/")
    }
}
