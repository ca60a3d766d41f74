import Foundation

/// The files of `Fixtures/`, found from where this file was compiled.
package enum Fixtures {
    /// The repository's top folder.
    package static var root: String {
        var url = URL(fileURLWithPath: #filePath)
        // Out of Tests/Support/Fixtures.swift.
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }

    /// The path of a fixture.
    package static func path(_ name: String) -> String {
        root + "/Fixtures/" + name
    }
}
