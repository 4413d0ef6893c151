// A chart of horizontal bars as an SVG, readable on a light and on a dark page.

struct BarChart {
    struct Bar {
        let label: String
        let value: Double
        /// What stands behind the bar.
        let text: String
        let isOurs: Bool
    }

    let title: String
    let bars: [Bar]

    private static let width = 720
    private static let labelWidth = 150
    private static let textWidth = 90
    private static let barHeight = 22
    private static let pitch = 32
    private static let top = 48

    var svg: String {
        let height = Self.top + bars.count * Self.pitch + 8
        let most = bars.map(\.value).max() ?? 1
        let room = Double(Self.width - Self.labelWidth - Self.textWidth)
        let rows = bars.enumerated().map { index, bar in
            let y = Self.top + index * Self.pitch
            let length = Int((room * bar.value / max(most, 1)).rounded())
            let baseline = y + 16
            return """
                <text x="\(Self.labelWidth - 10)" y="\(baseline)" text-anchor="end"\
                \(bar.isOurs ? " font-weight=\"600\"" : "")>\(Self.escaped(bar.label))</text>
                <rect class="\(bar.isOurs ? "ours" : "other")" x="\(Self.labelWidth)" y="\(y)" \
                width="\(max(length, 1))" height="\(Self.barHeight)" rx="2"/>
                <text x="\(Self.labelWidth + length + 8)" y="\(baseline)">\
                \(Self.escaped(bar.text))</text>
                """
        }
        let summary = bars.map { "\($0.label) \($0.text)" }.joined(separator: ", ")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(height)" \
            width="\(Self.width)" height="\(height)" role="img">
            <title>\(Self.escaped(title + ": " + summary))</title>
            <style>
            text { font: 14px system-ui, sans-serif; fill: #1f2328 }
            .ours { fill: #b3261e } .other { fill: #8c959f }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .ours { fill: #ff7b72 } .other { fill: #6e7681 }
            }
            </style>
            <text x="\(Self.labelWidth)" y="26" font-weight="600">\(Self.escaped(title))</text>
            \(rows.joined(separator: "\n"))
            </svg>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }
}
