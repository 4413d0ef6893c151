// The templates of the counter page.

import Mustache

enum PageTemplates {
    /// A template's name and its text.
    private static let sources: [(String, [UInt8])] = [
        ("acts", PackageResources.acts_mustache),
        ("advice", PackageResources.advice_mustache),
        ("attention", PackageResources.attention_mustache),
        ("bill", PackageResources.bill_mustache),
        ("billclose", PackageResources.billclose_mustache),
        ("billfield", PackageResources.billfield_mustache),
        ("billform", PackageResources.billform_mustache),
        ("billnotes", PackageResources.billnotes_mustache),
        ("bills", PackageResources.bills_mustache),
        ("choose", PackageResources.choose_mustache),
        ("chosen", PackageResources.chosen_mustache),
        ("counters", PackageResources.counters_mustache),
        ("decision", PackageResources.decision_mustache),
        ("error", PackageResources.error_mustache),
        ("facts", PackageResources.facts_mustache),
        ("find", PackageResources.find_mustache),
        ("frame", PackageResources.frame_mustache),
        ("hours", PackageResources.hours_mustache),
        ("import", PackageResources.import_mustache),
        ("importcheck", PackageResources.importcheck_mustache),
        ("importpart", PackageResources.importpart_mustache),
        ("imports", PackageResources.imports_mustache),
        ("lamp", PackageResources.lamp_mustache),
        ("lights", PackageResources.lights_mustache),
        ("money", PackageResources.money_mustache),
        ("near", PackageResources.near_mustache),
        ("note", PackageResources.note_mustache),
        ("notification", PackageResources.notification_mustache),
        ("now", PackageResources.now_mustache),
        ("payment", PackageResources.payment_mustache),
        ("received", PackageResources.received_mustache),
        ("reopen", PackageResources.reopen_mustache),
        ("setup", PackageResources.setup_mustache),
        ("signin", PackageResources.signin_mustache),
        ("slip", PackageResources.slip_mustache),
        ("sums", PackageResources.sums_mustache),
        ("today", PackageResources.today_mustache),
        ("why", PackageResources.why_mustache),
    ]

    /// Traps if a template is wrong, as a test finds.
    static let library: MustacheLibrary = {
        PageEscape.register()
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            let text = PageEscape.pragma + String(decoding: bytes, as: UTF8.self)
            do {
                try library.register(text, named: name)
            } catch {
                preconditionFailure("the template \(name) is wrong: \(error)")
            }
        }
        return library
    }()
}
