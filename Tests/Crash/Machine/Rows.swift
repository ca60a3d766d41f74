import Foundation

/// A page of a timeline as `--json` gives it.
struct Rows {
    struct Row: Decodable {
        struct Reaction: Decodable {
            let emoji: String?
            let users: [String]?
        }

        let id: String
        let type: String
        let author: String
        let text: String?
        let delivery: String?
        let isEdited: Bool
        let isUnread: Bool
        let pinnedBy: String?
        let reply: String?
        let reactions: [Reaction]

        /// Whether the relay has it, as far as is known here.
        var isAccepted: Bool { delivery == nil || delivery == "accepted" }
    }

    private struct Page: Decodable {
        let rows: [Row]
    }

    let all: [Row]
    /// All of it, as it came.
    let json: String

    init(_ json: String) {
        self.json = json
        all = (try? JSONDecoder().decode(Page.self, from: Data(json.utf8)))?.rows ?? []
    }

    func row(_ text: String) -> Row? {
        all.first { $0.text == text }
    }

    func count(_ text: String) -> Int {
        all.count { $0.text == text }
    }

    /// Texts that people wrote.
    var texts: [String] { all.filter { $0.type == "message" }.compactMap(\.text) }

    /// Texts that somebody else holds by now, as far as is known here.
    var acceptedTexts: [String] {
        all.filter { $0.type == "message" && $0.isAccepted }.compactMap(\.text)
    }
}
