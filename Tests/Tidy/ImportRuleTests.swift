import Testing

struct ImportRuleTests {
    @Test(arguments: [
        ("Sources/FikaCRDT/A.swift", "import Foundation"),
        ("Sources/FikaWire/A.swift", "private import FikaCRDT"),
        ("Sources/FikaLog/A.swift", "@preconcurrency import GRDB"),
        ("Sources/FikaChat/A.swift", "import struct Foundation.Data"),
        ("Sources/FikaStore/A.swift", "public import Fika"),
        ("Sources/Fika/A.swift", "import GRDB"),
        ("Sources/Fika/A.swift", "import CZstd"),
        ("Sources/fika-cli/A.swift", "import FikaChat"),
        ("Sources/Elsewhere/A.swift", "let unknown = true"),
    ])
    func `an import against the house is found`(path: String, text: String) {
        let file = SwiftFile(path: path, text: text)
        #expect(ImportRule.findings(in: file).count == 1)
    }

    @Test func `allowed imports and other uses of the word pass`() {
        let text = """
            public import FikaCRDT
            private import Crypto
            let import = row.import
            // import Foundation
            let text = "import Foundation"
            """
        let file = SwiftFile(path: "Sources/FikaLog/A.swift", text: text)
        #expect(ImportRule.findings(in: file).isEmpty)
        #expect(ImportRule.imports(in: file.tokens).map(\.module) == ["FikaCRDT", "Crypto"])
    }

    @Test func `the house holds`() {
        let files = Repository.here.swiftFiles
        #expect(files.count > 10)
        expectTidy(files.flatMap { ImportRule.findings(in: $0) })
    }
}
