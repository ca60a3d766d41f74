import FoundationEssentials
package import Testing

/// A file of vectors: sections with a name, and in each lines `key = value`, bytes in hexadecimal.
package struct VectorFile {
    package struct Section: Equatable {
        package var name: String
        package var lines: [(key: String, value: String)] = []

        package init(_ name: String) {
            self.name = name
        }

        package mutating func add(_ key: String, _ value: some CustomStringConvertible) {
            lines.append((key, value.description))
        }

        /// The values of all lines with a key.
        package func values(_ key: String) -> [String] {
            lines.filter { $0.key == key }.map(\.value)
        }

        package static func == (left: Section, right: Section) -> Bool {
            left.name == right.name && left.lines.elementsEqual(right.lines, by: ==)
        }
    }

    package var title: String
    package var sections: [Section] = []

    package init(title: String) {
        self.title = title
    }

    package mutating func add(_ name: String, _ fill: (inout Section) -> Void) {
        var section = Section(name)
        fill(&section)
        sections.append(section)
    }

    package var text: String {
        var text = "# \(title)\n"
        for section in sections {
            text += "\n[\(section.name)]\n"
            for line in section.lines { text += "\(line.key) = \(line.value)\n" }
        }
        return text
    }

    /// Reads a file of vectors.
    package init(contentsOf path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        title = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                title += line.dropFirst(2)
            } else if line.hasPrefix("[") {
                sections.append(Section(String(line.dropFirst().dropLast())))
            } else if !sections.isEmpty {
                let parts = line.split(
                    separator: " = ", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                sections[sections.count - 1].lines.append((String(parts[0]), String(parts[1])))
            }
        }
    }

    /// Expects that the file under `Fixtures/vectors` says the same; with `FIKA_RECORD` set it is
    /// written.
    package func expectRecorded(
        as name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = Fixtures.path("vectors/\(name)")
        if ProcessInfo.processInfo.environment["FIKA_RECORD"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let recorded = try VectorFile(contentsOf: path)
        #expect(recorded.title == title, sourceLocation: sourceLocation)
        #expect(recorded.sections.count == sections.count, sourceLocation: sourceLocation)
        for (mine, theirs) in zip(sections, recorded.sections) {
            #expect(mine == theirs, "\(name): \(mine.name)", sourceLocation: sourceLocation)
        }
    }
}
