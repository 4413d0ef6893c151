// The rendering of pages: a template inside the frame. Every value is escaped by the template; only
// the frame inserts a rendered template as it is.

import HTTPTypes
import Hummingbird
import LoketJSON
import Mustache
import NIOCore

enum PageView {
    /// Returns a page.
    ///
    /// - Parameters:
    ///   - title: of the browser's tab.
    ///   - values: for the template; it also has `t`, the words, and `visit`.
    static func page(
        _ template: String, title: String, _ values: [String: Any], _ visit: Visit,
        status: HTTPResponse.Status = .ok
    ) async -> Response {
        let lamp = await Lamp(visit)
        var frame = base(visit.words)
        frame["title"] = lamp.mark + title
        frame["body"] = render(template, values, visit)
        frame["signed_in"] = true
        frame["lamp"] = lamp.values
        frame["tabs"] = PageTab.all.map { tab -> [String: Any] in
            let isHere = tab.has(Substring(visit.request.uri.path))
            var values: [String: Any] = [
                "name": visit.words[tab.name], "path": tab.path, "here": isHere,
            ]
            values["count"] = tab.countsDecisions ? lamp.waiting.map(visit.words.count) : nil
            return values
        }
        frame["visit"] = visit.values
        frame["place"] = visit.place.escapedForQuery
        if let notice = visit.takeNotice() {
            var values = ["text": notice.text, "tone": notice.isFailure ? "bad" : "good"]
            values["detail"] = notice.detail
            frame["notice"] = values
        }
        return html(render("frame", frame), status)
    }

    /// Returns a template alone, for a part of a page.
    static func part(_ template: String, _ values: [String: Any], _ visit: Visit) -> Response {
        html(render(template, values, visit), .ok)
    }

    /// Returns a page for somebody who has not signed in.
    static func openPage(
        _ template: String, title: String, _ values: [String: Any], _ words: Words,
        place: String = PagePlace.today, status: HTTPResponse.Status = .ok
    ) -> Response {
        var frame = base(words)
        frame["place"] = place.escapedForQuery
        frame["title"] = title
        frame["body"] = render(template, values.merging(base(words)) { own, _ in own })
        return html(render("frame", frame), status)
    }

    // MARK: Errors

    static func problem(_ problem: Problem, _ visit: Visit) async -> Response {
        await page(
            "error", title: visit.words["error_title"], text(of: problem, visit.words), visit,
            status: problem.cause.status)
    }

    /// Returns a page about a problem, for somebody who may not have signed in.
    static func problem(_ problem: Problem, _ words: Words) -> Response {
        var response = openPage(
            "error", title: words["error_title"], text(of: problem, words), words,
            status: problem.cause.status)
        let own: [HTTPField.Name] = [.contentType, .contentLength]
        for field in problem.response.headers where !own.contains(field.name) {
            response.headers[field.name] = field.value
        }
        return response
    }

    private static func text(of problem: Problem, _ words: Words) -> [String: Any] {
        [
            "text": words.ifAny("problem_\(problem.cause.rawValue)") ?? words["problem_other"],
            "detail": problem.detail,
        ]
    }

    static func refusal(_ key: String, _ status: HTTPResponse.Status, _ words: Words) -> Response {
        openPage(
            "error", title: words["error_title"], ["text": words[key]], words, status: status)
    }

    // MARK: Rendering

    private static func base(_ words: Words) -> [String: Any] {
        [
            "t": words, "language": words.language.rawValue,
            "other_language": words.language.other.rawValue,
        ]
    }

    private static func render(
        _ template: String, _ values: [String: Any], _ visit: Visit
    ) -> String {
        var values = values.merging(base(visit.words)) { own, _ in own }
        values["visit"] = visit.values
        return render(template, values)
    }

    private static func render(_ template: String, _ values: [String: Any]) -> String {
        PageTemplates.library.render(values, withTemplate: template) ?? ""
    }

    private static func html(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: PageAssets.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Visit {
    /// For templates: `{{visit.form_token}}` in every form, `{{#visit.may_write}}` around buttons.
    var values: [String: Any] {
        [
            "form_token": session.formToken, "back": place, "name": key.name,
            "may_write": mayWrite,
        ]
    }
}
