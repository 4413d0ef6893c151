// `loket bills show`: one bill with its history.

import ArgumentParser

struct BillsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one bill with its history.")

    @Argument(help: "The bill's id.")
    var id: Int64
    @OptionGroup var admin: AdminOptions
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.show(await admin.client().get("/admin/v1/bills/\(id)"), BillText.page)
    }
}
